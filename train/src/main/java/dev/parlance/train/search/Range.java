package dev.parlance.train.search;

import dev.parlance.config.UserError;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A setting with numbers between two ends. Real numbers are rounded to four digits, so that run files stay readable.
 *
 * @param name dotted name of the setting
 * @param min smallest value
 * @param max largest value, more than {@code min}
 * @param log whether equal ratios, not equal differences, are equally likely; needs a positive {@code min}
 * @param whole whether only whole numbers are tried
 * @param points how many values a grid tries, at least 2; 0 if that was not said
 */
public record Range(String name, double min, double max, boolean log, boolean whole, int points) implements Parameter {
    private static final MathContext DIGITS = new MathContext(4);
    private static final long MOST_IN_GRID = 1_000;

    public Range {
        if (!(min < max) || Math.abs(min) > 1e15 || Math.abs(max) > 1e15) {
            throw new UserError(name + " is searched from " + min + " to " + max + ", expected the smaller end first");
        }
        if (log && min <= 0) {
            throw new UserError(name + " is searched by its logarithm from " + min + ", expected more than 0");
        }
        if (whole && (min != Math.rint(min) || max != Math.rint(max))) {
            throw new UserError(name + " is searched from " + min + " to " + max + ", expected whole numbers");
        }
        if (points < 0 || points == 1) {
            throw new UserError(name + " is searched at " + points + " points, expected at least 2");
        }
    }

    @Override
    public String value(double place) {
        double from = scaled(low());
        double number = unscaled(from + Math.min(1, Math.max(0, place)) * (scaled(high()) - from));
        return text(number);
    }

    @Override
    public Interval interval(String value) {
        double number = Double.parseDouble(value);
        return whole
                ? new Interval(place(number - 0.5), place(number + 0.5))
                : new Interval(place(number), place(number));
    }

    @Override
    public List<String> grid() {
        if (points > 0) {
            return IntStream.range(0, points)
                    .mapToObj(
                            i -> text(unscaled(scaled(min) + (double) i / (points - 1) * (scaled(max) - scaled(min)))))
                    .distinct()
                    .toList();
        }
        if (!whole || max - min >= MOST_IN_GRID) {
            throw new UserError("a grid needs to know at how many points to try " + name
                    + ", expected that number at the end, such as " + plain(min) + ".." + plain(max)
                    + (log ? ":log" : "") + ":5; or list the values, separated by commas");
        }
        return LongStream.rangeClosed((long) min, (long) max)
                .mapToObj(Long::toString)
                .toList();
    }

    @Override
    public OptionalLong size() {
        return whole ? OptionalLong.of((long) (max - min) + 1) : OptionalLong.empty();
    }

    private double place(double number) {
        double from = scaled(low());
        return Math.min(1, Math.max(0, (scaled(Math.max(low(), number)) - from) / (scaled(high()) - from)));
    }

    /** Whole numbers at the ends are as likely as those between them. */
    private double low() {
        return whole ? min - 0.5 : min;
    }

    private double high() {
        return whole ? max + 0.5 : max;
    }

    private double scaled(double number) {
        return log ? Math.log(number) : number;
    }

    private double unscaled(double number) {
        return log ? Math.exp(number) : number;
    }

    private String text(double number) {
        double inside = Math.min(max, Math.max(min, number));
        if (whole) {
            return Long.toString(Math.round(inside));
        }
        double rounded = new BigDecimal(inside).round(DIGITS).doubleValue();
        return Double.toString(Math.min(max, Math.max(min, rounded)));
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
