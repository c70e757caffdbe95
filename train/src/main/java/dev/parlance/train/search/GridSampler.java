package dev.parlance.train.search;

import dev.parlance.config.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every combination once; the last setting changes fastest. */
final class GridSampler implements Sampler {
    private static final long MOST = 100_000;

    private final List<Parameter> parameters;
    private final int size;

    /** @throws UserError if a range does not say its number of points, or there are too many combinations */
    GridSampler(SearchSpace space) {
        this.parameters = space.parameters();
        long product = 1;
        for (Parameter parameter : parameters) {
            product = Math.multiplyExact(
                    Math.min(product, MOST + 1), parameter.grid().size());
        }
        if (product > MOST) {
            throw new UserError("the grid has " + product + " combinations or more, expected at most " + MOST
                    + "; take fewer values, or --method tpe");
        }
        this.size = (int) product;
    }

    /** Number of combinations. */
    int size() {
        return size;
    }

    @Override
    public Optional<Map<String, String>> suggest(int number, List<Trial> trials) {
        return number > size ? Optional.empty() : Optional.of(combination(number - 1));
    }

    Map<String, String> combination(int index) {
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach(parameter -> values.put(parameter.name(), ""));
        int rest = index;
        for (int i = parameters.size() - 1; i >= 0; i--) {
            List<String> grid = parameters.get(i).grid();
            values.put(parameters.get(i).name(), grid.get(rest % grid.size()));
            rest /= grid.size();
        }
        return values;
    }
}
