package dev.parlance.server.http;

import dev.parlance.config.UserError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key that clients show. The settings have its hash alone.
 *
 * @param id what logs call it; letters, digits, {@code . _ -}, at most 64
 * @param sha256 SHA-256 of its UTF-8 bytes, 64 hexadecimal digits
 * @param admin whether it opens the routes of administration, too
 * @param requestsPerSecond how many it may send on average; 0 takes {@code security.rate_limit}
 * @param burst how many of them at once; 0 takes {@code security.rate_burst}
 */
public record KeyOptions(String id, String sha256, boolean admin, double requestsPerSecond, int burst) {
    /** Keys are made by machines, so they are long enough that no hash of theirs can be guessed. */
    static final int SHORTEST = 16;

    public KeyOptions {
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new UserError("security.keys has the id '" + id + "', expected 1 to 64 letters, digits or . _ -");
        }
        if (!sha256.matches("[0-9a-fA-F]{64}")) {
            throw new UserError("security.keys: sha256 of " + id + " has " + sha256.length()
                    + " chars, expected 64 hexadecimal digits; 'parlance serve --hash-key' makes them");
        }
        Ranges.check("security.keys: requests_per_second of " + id, requestsPerSecond, 0, 1e9);
        Ranges.check("security.keys: burst of " + id, burst, 0, 1_000_000_000);
    }

    /** What a key has if nothing is said. */
    static KeyOptions template() {
        return new KeyOptions("unnamed", "0".repeat(64), false, 0, 0);
    }

    /** A key of a flag or an environment variable. */
    static KeyOptions ofPlain(String id, String key, boolean admin) {
        if (key.isBlank()) {
            throw new UserError("the " + id + " is empty, expected a key of at least " + SHORTEST + " chars");
        }
        return new KeyOptions(id, hash(key), admin, 0, 0);
    }

    /** SHA-256 of a key, in hexadecimal digits. */
    public static String hash(String key) {
        return HexFormat.of().formatHex(digest(key));
    }

    static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
