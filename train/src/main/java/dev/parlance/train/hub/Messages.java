package dev.parlance.train.hub;

import java.net.ConnectException;
import java.util.Locale;

/** Texts for users. */
final class Messages {
    private static final int MAX_CHARS = 400;

    private Messages() {}

    /** What went wrong, on one line. */
    static String oneLine(Throwable failure) {
        String line = firstMessage(failure).replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "...";
    }

    // java.net.http fails to connect without any message
    private static String firstMessage(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (message != null) {
                return message;
            }
        }
        return failure instanceof ConnectException
                ? "no connection"
                : failure.getClass().getSimpleName();
    }

    /** A size with a unit that fits, such as 90.9 MB; units are powers of 1000. */
    static String size(long bytes) {
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
