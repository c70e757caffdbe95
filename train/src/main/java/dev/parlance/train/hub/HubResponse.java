package dev.parlance.train.hub;

import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer after redirects.
 *
 * @param etag the Hub's checksum of the file, hexadecimal: SHA-256 of a large file, git's blob id of a small one; null if
 *     it said none
 * @param linkedSize the size of the whole file as the Hub knows it, or -1
 */
record HubResponse(
        int status,
        HttpHeaders headers,
        BodyChunks body,
        @Nullable String etag,
        long linkedSize) implements AutoCloseable {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");
    private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** The size of the whole file, or -1 if it isn't known. */
    long totalBytes() {
        if (linkedSize >= 0) {
            return linkedSize;
        }
        if (status == 206 || status == 416) {
            Matcher range = contentRange();
            return range.matches() && !range.group(2).equals("*") ? Long.parseLong(range.group(2)) : -1;
        }
        return headers.firstValueAsLong("content-length").orElse(-1);
    }

    /** Where the body starts in the file. */
    long start() {
        Matcher range = contentRange();
        return status == 206 && range.matches() && range.group(1) != null ? Long.parseLong(range.group(1)) : 0;
    }

    @Override
    public void close() {
        body.close();
    }

    private Matcher contentRange() {
        return CONTENT_RANGE.matcher(headers.firstValue("content-range").orElse(""));
    }

    /** The checksum in an ETag header, if it is one. */
    static Optional<String> checksum(HttpHeaders headers, String name) {
        return headers.firstValue(name)
                .map(value -> value.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(value -> CHECKSUM.matcher(value).matches());
    }

    static OptionalLong number(HttpHeaders headers, String name) {
        try {
            return headers.firstValueAsLong(name);
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // a header that says nothing is as good as none
        }
    }
}
