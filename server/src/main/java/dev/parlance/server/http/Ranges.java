package dev.parlance.server.http;

import dev.parlance.config.UserError;
import java.util.List;

/** Checks of settings that name the setting, what was found and what was expected. */
final class Ranges {
    private Ranges() {}

    /** Both bounds inclusive. */
    static void check(String setting, long found, long low, long high) {
        if (found < low || found > high) {
            throw new UserError(setting + " is " + found + ", expected a whole number from " + low + " to " + high);
        }
    }

    /** Both bounds inclusive; NaN is refused. */
    static void check(String setting, double found, double low, double high) {
        if (!(found >= low && found <= high)) {
            throw new UserError(setting + " is " + found + ", expected a number from " + low + " to " + high);
        }
    }

    static void atLeast(String setting, TimeSpan found, long millis) {
        if (found.millis() < millis) {
            throw new UserError(setting + " is " + found + ", expected at least " + new TimeSpan(millis));
        }
    }

    static void oneOf(String setting, String found, String... allowed) {
        if (!List.of(allowed).contains(found)) {
            throw new UserError(setting + " is '" + found + "', expected one of " + String.join(", ", allowed));
        }
    }
}
