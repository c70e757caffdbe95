package dev.parlance.data;

import dev.parlance.config.UserError;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The bytes of a file, unpacked if they are gzip, bounded in size and hashed as they were stored. */
final class ByteInput extends FilterInputStream {
    private final String name;
    private final InputStream stored;
    private final CountingDigest digest;
    private final long maxBytes;
    private long left;

    private ByteInput(String name, CountingDigest digest, InputStream stored, InputStream plain, long maxBytes) {
        super(plain);
        this.name = name;
        this.digest = digest;
        this.stored = stored;
        this.maxBytes = maxBytes;
        this.left = maxBytes;
    }

    static InputStream open(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new UserError(file + " is a directory, expected a CSV, TSV or JSONL file; name one of its files");
            }
            if (!Files.exists(file)) {
                throw new UserError(file + " does not exist, expected a CSV, TSV or JSONL file; check the path (from "
                        + Path.of("").toAbsolutePath() + ")");
            }
            if (!Files.isRegularFile(file) && !Files.isReadable(file)) {
                throw new UserError(file + " is not a file, expected a CSV, TSV or JSONL file");
            }
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new UserError(file + " does not exist, expected a CSV, TSV or JSONL file", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e + "; check its permissions", e);
        }
    }

    /** Gzip is recognized by its first two bytes, whatever the name says. */
    static ByteInput of(InputStream in, String name, long maxUnpackedBytes, Findings findings) throws IOException {
        CountingDigest digest = new CountingDigest(in);
        BufferedInputStream stored = new BufferedInputStream(digest, 1 << 16);
        stored.mark(2);
        boolean gzip = stored.read() == 0x1f && stored.read() == 0x8b;
        stored.reset();
        if (gzip) {
            InputStream plain = new BufferedInputStream(new GZIPInputStream(stored, 1 << 14), 1 << 16);
            return new ByteInput(name, digest, stored, plain, maxUnpackedBytes);
        }
        if (name.endsWith(".gz")) {
            findings.warn("not_gzip", "the name ends in .gz but the content is not packed; read as it is");
        }
        return new ByteInput(name, digest, stored, stored, Long.MAX_VALUE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int count = super.read(target, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new UserError(name + " unpacks to more than " + maxBytes
                        + " bytes, expected less; if this is no mistake, raise data.max_unpacked_bytes");
            }
            return count;
        } catch (EOFException | ZipException e) {
            throw new UserError(
                    name + " is a broken gzip file (" + e.getMessage()
                            + "), expected a whole one; fetch or pack it again",
                    e);
        }
    }

    /** The stored file's size and hash; reads what is left of it. */
    DataFile file() throws IOException {
        stored.transferTo(java.io.OutputStream.nullOutputStream());
        return new DataFile(
                name,
                digest.count,
                HexFormat.of().formatHex(digest.getMessageDigest().digest()));
    }

    private static final class CountingDigest extends DigestInputStream {
        long count;

        CountingDigest(InputStream in) {
            super(in, sha256());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
