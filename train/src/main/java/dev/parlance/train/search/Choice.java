package dev.parlance.train.search;

import dev.parlance.config.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * A setting with listed values, which have no order.
 *
 * @param name dotted name of the setting
 * @param values at least two different ones
 */
public record Choice(String name, List<String> values) implements Parameter {
    public Choice {
        values = List.copyOf(values);
        if (values.size() < 2) {
            throw new UserError(
                    name + " has the one value " + values + " to search, expected at least two; to set it, use --set");
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw new UserError(name + " has a value twice in " + values + ", expected different ones");
        }
    }

    @Override
    public String value(double place) {
        return values.get((int) Math.min(values.size() - 1L, Math.max(0, (long) (place * values.size()))));
    }

    @Override
    public Interval interval(String value) {
        double index = index(value);
        return new Interval(index / values.size(), (index + 1) / values.size());
    }

    int index(String value) {
        int index = values.indexOf(value);
        if (index < 0) {
            throw new UserError(name + " is '" + value + "', expected one of " + String.join(", ", values));
        }
        return index;
    }

    @Override
    public List<String> grid() {
        return values;
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(values.size());
    }
}
