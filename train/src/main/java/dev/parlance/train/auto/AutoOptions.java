package dev.parlance.train.auto;

import dev.parlance.config.UserError;
import java.time.Duration;

/**
 * How much may be tried.
 *
 * @param timeBudget for everything, from reading the data to the saved model; at least ten seconds. The linear model is
 *     trained whatever it is
 */
public record AutoOptions(Duration timeBudget) {
    private static final Duration LEAST = Duration.ofSeconds(10);

    /** Ten minutes. */
    public static AutoOptions defaults() {
        return new AutoOptions(Duration.ofMinutes(10));
    }

    public AutoOptions {
        if (timeBudget.compareTo(LEAST) < 0) {
            throw new UserError("the time budget is " + timeBudget.toSeconds() + " s, expected at least "
                    + LEAST.toSeconds() + " s");
        }
    }

    double seconds() {
        return timeBudget.toMillis() / 1e3;
    }
}
