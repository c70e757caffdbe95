package dev.parlance.train.search;

import java.util.List;
import java.util.OptionalLong;

/**
 * A setting that is searched. Its values lie on the unit interval, where samplers and the importance work: a real one is a
 * point, a whole number or a listed value is a stretch of the interval.
 */
public sealed interface Parameter permits Choice, Range {
    /** Dotted name of the setting. */
    String name();

    /** The value at a place in [0, 1], as one would type it. */
    String value(double place);

    /** Where a value of {@link #value} lies. */
    Interval interval(String value);

    /** The values that a grid tries. */
    List<String> grid();

    /** Number of different values; empty if there is no end to them. */
    OptionalLong size();

    /**
     * A stretch of the unit interval, or a point if both ends are the same.
     *
     * @param low its lower end
     * @param high its upper end
     */
    record Interval(double low, double high) {
        double middle() {
            return (low + high) / 2;
        }
    }
}
