package dev.parlance.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people type them: {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}. */
public final class Durations {
    private static final Pattern SHAPE =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");
    private static final long[] SECONDS = {86_400, 3_600, 60, 1};

    private Durations() {}

    /**
     * The length of time that a text says.
     *
     * @param setting what the error calls it
     * @throws UserError if it is no such text, or no time at all
     */
    public static Duration parse(String setting, String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        long seconds = 0;
        if (matcher.matches()) {
            for (int unit = 0; unit < SECONDS.length; unit++) {
                String count = matcher.group(unit + 1);
                seconds += count == null ? 0 : Long.parseLong(count) * SECONDS[unit];
            }
        }
        if (seconds == 0) {
            throw new UserError(setting + " is '" + text + "', expected a length of time such as 90s, 10m or 1h30m");
        }
        return Duration.ofSeconds(seconds);
    }
}
