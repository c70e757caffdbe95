package dev.parlance.server.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.config.Durations;
import dev.parlance.config.UserError;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as settings have it: {@code 250ms}, {@code 30s}, {@code 1h30m}, or a number of seconds.
 *
 * @param millis at least 0, at most ten days
 */
public record TimeSpan(long millis) {
    private static final Pattern MILLIS = Pattern.compile("(\\d{1,9})ms");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}(\\.\\d{1,3})?s?");
    private static final long MOST = Duration.ofDays(10).toMillis();

    public TimeSpan {
        if (millis < 0 || millis > MOST) {
            throw new UserError(millis + "ms is no length of time that a server can use, expected 0 to ten days");
        }
    }

    static TimeSpan ofSeconds(long seconds) {
        return new TimeSpan(seconds * 1000);
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws UserError if it is no such text
     */
    public static TimeSpan parse(String text) {
        String stripped = text.strip();
        Matcher millis = MILLIS.matcher(stripped);
        if (millis.matches()) {
            return new TimeSpan(Long.parseLong(millis.group(1)));
        }
        if (SECONDS.matcher(stripped).matches()) {
            return new TimeSpan(Math.round(Double.parseDouble(stripped.replace("s", "")) * 1000));
        }
        return new TimeSpan(Durations.parse("a length of time", stripped).toMillis());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TimeSpan of(JsonNode node) {
        return parse(node.asText());
    }

    /** The shortest text for it. */
    @JsonValue
    public String text() {
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** The same for Java. */
    public Duration duration() {
        return Duration.ofMillis(millis);
    }

    long nanos() {
        return millis * 1_000_000;
    }

    @Override
    public String toString() {
        return text();
    }
}
