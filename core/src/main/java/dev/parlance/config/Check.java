package dev.parlance.config;

import java.util.Arrays;
import java.util.List;

/** Checks of settings that name the setting, what was found and what was expected. */
final class Check {
    private Check() {}

    static void oneOf(String setting, String found, String... allowed) {
        List<String> values = Arrays.asList(allowed);
        if (!values.contains(found)) {
            throw new UserError(setting + " is '" + found + "', expected one of " + String.join(", ", values));
        }
    }

    /** Both bounds inclusive; NaN is refused. */
    static void range(String setting, double found, double low, double high) {
        if (!(found >= low && found <= high)) {
            throw new UserError(
                    setting + " is " + plain(found) + ", expected a number from " + plain(low) + " to " + plain(high));
        }
    }

    /** Both bounds inclusive. */
    static void range(String setting, long found, long low, long high) {
        if (found < low || found > high) {
            throw new UserError(setting + " is " + found + ", expected a whole number from " + low + " to " + high);
        }
    }

    /** A number as people write it: whole ones without a point. */
    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
