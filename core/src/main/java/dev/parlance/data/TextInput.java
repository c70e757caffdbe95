package dev.parlance.data;

import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The characters of a file: character set by byte-order mark or option, binary files refused by their first bytes. */
final class TextInput extends Reader implements Closeable {
    private static final int SNIFF_BYTES = 4096;

    private final ByteInput bytes;
    private final DecodingReader decoder;
    private final Findings findings;
    private char[] peeked = new char[0];
    private int position;

    private TextInput(ByteInput bytes, DecodingReader decoder, Findings findings) {
        this.bytes = bytes;
        this.decoder = decoder;
        this.findings = findings;
    }

    static TextInput of(InputStream in, String name, String encoding, long maxUnpackedBytes, Findings findings)
            throws IOException {
        Charset charset = charset(encoding);
        ByteInput bytes = ByteInput.of(in, name, maxUnpackedBytes, findings);
        BufferedInputStream buffered = new BufferedInputStream(bytes, SNIFF_BYTES);
        buffered.mark(SNIFF_BYTES);
        byte[] start = sniff(buffered);
        buffered.reset();
        ByteOrderMark mark = ByteOrderMark.of(start);
        if (mark == null) {
            BinaryCheck.refuse(name, start, charset);
            return new TextInput(bytes, new DecodingReader(buffered, charset, name, 0), findings);
        }
        buffered.skipNBytes(mark.length());
        findings.note("byte_order_mark", "starts with a byte-order mark; read as " + mark.charset());
        return new TextInput(bytes, new DecodingReader(buffered, mark.charset(), name, mark.length()), findings);
    }

    /** What there is without waiting, but enough for a byte-order mark. */
    private static byte[] sniff(InputStream in) throws IOException {
        byte[] start = new byte[SNIFF_BYTES];
        int count = 0;
        while (count < 4 || (count < SNIFF_BYTES && in.available() > 0)) {
            int read = in.read(start, count, SNIFF_BYTES - count);
            if (read < 0) {
                break;
            }
            count += read;
        }
        return Arrays.copyOf(start, count);
    }

    /**
     * Up to {@code maxChars} from the start without taking them. Must be called before the first read.
     *
     * @param firstLineOnly stop after the first line end, for input that may still be typed
     */
    String peek(int maxChars, boolean firstLineOnly) throws IOException {
        char[] sample = new char[maxChars];
        int count = 0;
        while (count + 2 <= maxChars) {
            int read = decoder.read(sample, count, maxChars - count);
            if (read < 0) {
                break;
            }
            count += read;
            if (firstLineOnly && holdsLine(sample, count)) {
                break;
            }
        }
        peeked = Arrays.copyOf(sample, count);
        return new String(peeked);
    }

    private static boolean holdsLine(char[] chars, int count) {
        String text = new String(chars, 0, count).stripLeading();
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (position == peeked.length) {
            return decoder.read(target, offset, length);
        }
        int count = Math.min(length, peeked.length - position);
        System.arraycopy(peeked, position, target, offset, count);
        position += count;
        return count;
    }

    /** The stored file, after all characters were read; adds what was found about line ends. */
    DataFile finish() throws IOException {
        decoder.report(findings);
        return bytes.file();
    }

    @Override
    public void close() throws IOException {
        decoder.close();
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name.strip());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UserError(
                    "data.encoding is '" + name
                            + "', expected a character set such as UTF-8, GB18030, Big5 or windows-1252"
                            + Spelling.nearest(name, Charset.availableCharsets().keySet())
                                    .map(known -> "; did you mean " + known + "?")
                                    .orElse(""),
                    e);
        }
    }

    private record ByteOrderMark(Charset charset, int length) {
        static @Nullable ByteOrderMark of(byte[] start) {
            if (startsWith(start, 0xEF, 0xBB, 0xBF)) {
                return new ByteOrderMark(StandardCharsets.UTF_8, 3);
            }
            if (startsWith(start, 0xFF, 0xFE, 0, 0)) {
                return new ByteOrderMark(Charset.forName("UTF-32LE"), 4);
            }
            if (startsWith(start, 0, 0, 0xFE, 0xFF)) {
                return new ByteOrderMark(Charset.forName("UTF-32BE"), 4);
            }
            if (startsWith(start, 0xFF, 0xFE)) {
                return new ByteOrderMark(StandardCharsets.UTF_16LE, 2);
            }
            return startsWith(start, 0xFE, 0xFF) ? new ByteOrderMark(StandardCharsets.UTF_16BE, 2) : null;
        }

        private static boolean startsWith(byte[] start, int... expected) {
            for (int i = 0; i < expected.length; i++) {
                if (i >= start.length || (start[i] & 0xff) != expected[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
