package dev.parlance.data;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;

/** Decodes bytes strictly: invalid ones are refused with their line and offset. Counts lines and kinds of line ends. */
final class DecodingReader extends Reader {
    private final InputStream in;
    private final CharsetDecoder decoder;
    private final String name;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).limit(0);
    private long bufferOffset;
    private long lineEnds;
    private long carriageReturns;
    private long firstCarriageReturn;
    private long lineFeeds;
    private boolean afterCarriageReturn;
    private boolean ended;
    private boolean flushed;

    /** @param skipped bytes already taken from {@code in}, such as a byte-order mark */
    DecodingReader(InputStream in, Charset charset, String name, int skipped) {
        this.in = in;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.name = name;
        this.bufferOffset = skipped;
    }

    /** Reads at least one char, or -1 at the end; {@code length} must be 2 or more, since a surrogate pair needs both. */
    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length < 2) {
            throw new IllegalArgumentException("length is " + length + ", expected at least 2");
        }
        if (flushed) {
            return -1;
        }
        CharBuffer out = CharBuffer.wrap(target, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, out, ended);
            if (ended && result.isUnderflow()) {
                flushed = decoder.flush(out).isUnderflow();
            }
            int count = out.position() - offset;
            if (count > 0) {
                countLineEnds(target, offset, count);
                return count;
            }
            if (result.isError()) {
                throw invalid(result.length());
            }
            if (flushed) {
                return -1;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        bufferOffset += bytes.position();
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count));
        bytes.flip();
    }

    private void countLineEnds(char[] chars, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            char c = chars[i];
            if (c == '\n') {
                lineFeeds++;
                lineEnds += afterCarriageReturn ? 0 : 1;
            } else if (afterCarriageReturn) {
                if (carriageReturns++ == 0) {
                    firstCarriageReturn = lineEnds;
                }
            }
            afterCarriageReturn = c == '\r';
            lineEnds += afterCarriageReturn ? 1 : 0;
        }
    }

    private UserError invalid(int length) {
        byte[] found = new byte[Math.max(1, length)];
        bytes.duplicate().get(found, 0, Math.min(found.length, bytes.remaining()));
        return new UserError(name + " line " + (lineEnds + 1) + ": found the bytes "
                + HexFormat.ofDelimiter(" ").formatHex(found) + " at byte " + (bufferOffset + bytes.position())
                + ", expected text in " + decoder.charset() + "; set data.encoding"
                + EncodingGuess.of(bytes.duplicate())
                        .map(guess -> ", perhaps to " + guess)
                        .orElse(" to the file's character set"));
    }

    /** Says what kinds of line ends there were, once all is read. */
    void report(Findings findings) {
        if (carriageReturns == 0 && !afterCarriageReturn) {
            return;
        }
        if (lineFeeds == 0) {
            findings.note("cr_line_ends", "lines end with a carriage return alone (old Mac); read as line ends");
        } else if (carriageReturns > 0) {
            findings.count(
                    "stray_carriage_returns",
                    carriageReturns + " carriage returns without a line feed, read as line ends outside quotes",
                    firstCarriageReturn);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
