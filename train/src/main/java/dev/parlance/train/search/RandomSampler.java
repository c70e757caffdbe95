package dev.parlance.train.search;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Each setting drawn evenly over its values. J. Bergstra and Y. Bengio (2012), Random Search for Hyper-Parameter
 * Optimization, JMLR 13. What was tried is not tried again: with the same seed it would give the same score.
 */
final class RandomSampler implements Sampler {
    private static final int ATTEMPTS = 1_000;

    private final SearchSpace space;
    private final long seed;

    RandomSampler(SearchSpace space, long seed) {
        this.space = space;
        this.seed = seed;
    }

    @Override
    public Optional<Map<String, String>> suggest(int number, List<Trial> trials) {
        Set<Map<String, String>> tried =
                new HashSet<>(trials.stream().map(Trial::values).toList());
        OptionalLong size = space.size();
        if (size.isPresent() && tried.size() >= size.getAsLong()) {
            return Optional.empty();
        }
        SplittableRandom random = random(seed, number);
        Map<String, String> values = draw(random);
        for (int i = 1; i < ATTEMPTS && tried.contains(values); i++) {
            values = draw(random);
        }
        return Optional.of(values);
    }

    private Map<String, String> draw(SplittableRandom random) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Parameter parameter : space.parameters()) {
            values.put(parameter.name(), parameter.value(random.nextDouble()));
        }
        return values;
    }

    /** Random numbers for one trial, whatever was drawn for the others. */
    static SplittableRandom random(long seed, int number) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    }
}
