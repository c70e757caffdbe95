package dev.parlance.train.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tree-structured Parzen estimators: what was tried is cut into the good and the rest, and of candidates drawn like the good
 * the one is tried that is most more likely among the good than among the rest. Each setting is estimated for itself.
 * J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl (2011), Algorithms for Hyper-Parameter Optimization, NIPS 24.
 *
 * <p>Trials that still run count among the rest, so that parallel ones do not all try the same. Pruned trials rank below
 * those that were trained to their end, by how far they came.
 */
final class TpeSampler implements Sampler {
    private static final double GOOD_SHARE = 0.15; // gamma in the paper
    private static final int MOST_GOOD = 25;
    private static final int CANDIDATES = 24;
    private static final int ATTEMPTS = 10;

    private final SearchSpace space;
    private final Objective objective;
    private final int startupTrials;
    private final long seed;
    private final RandomSampler start;

    /** @param startupTrials how many trials are drawn evenly before anything is estimated */
    TpeSampler(SearchSpace space, Objective objective, int startupTrials, long seed) {
        this.space = space;
        this.objective = objective;
        this.startupTrials = startupTrials;
        this.seed = seed;
        this.start = new RandomSampler(space, seed);
    }

    @Override
    public Optional<Map<String, String>> suggest(int number, List<Trial> trials) {
        List<Trial> ranked = ranked(trials);
        Optional<Map<String, String>> drawn = start.suggest(number, trials);
        if (drawn.isEmpty() || ranked.size() < startupTrials) {
            return drawn;
        }
        int good = Math.min(MOST_GOOD, (int) Math.ceil(GOOD_SHARE * ranked.size()));
        List<Trial> rest = new ArrayList<>(ranked.subList(good, ranked.size()));
        trials.stream()
                .filter(trial -> trial.status() == Trial.Status.STARTED || trial.status() == Trial.Status.FAILED)
                .forEach(rest::add);
        Set<Map<String, String>> tried =
                new HashSet<>(trials.stream().map(Trial::values).toList());
        SplittableRandom random = RandomSampler.random(~seed, number);
        for (int i = 0; i < ATTEMPTS; i++) {
            Map<String, String> values = values(ranked.subList(0, good), rest, random);
            if (!tried.contains(values)) {
                return Optional.of(values);
            }
        }
        return drawn; // where the estimate points, everything was tried
    }

    private List<Trial> ranked(List<Trial> trials) {
        Comparator<Trial> order = Comparator.comparing((Trial trial) -> trial.status() != Trial.Status.COMPLETE)
                .thenComparing(trial -> trial.status() == Trial.Status.COMPLETE ? 0 : -trial.epochs())
                .thenComparing(objective::goodness, Comparator.reverseOrder())
                .thenComparing(Trial::number);
        return trials.stream()
                .filter(trial -> trial.status() == Trial.Status.COMPLETE || trial.status() == Trial.Status.PRUNED)
                .filter(trial -> trial.score() != null)
                .sorted(order)
                .toList();
    }

    private Map<String, String> values(List<Trial> good, List<Trial> rest, SplittableRandom random) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Parameter parameter : space.parameters()) {
            Density ofGood = density(parameter, good);
            Density ofRest = density(parameter, rest);
            String best = "";
            double bestRatio = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < CANDIDATES; i++) {
                String candidate = parameter.value(ofGood.draw(random));
                Parameter.Interval where = parameter.interval(candidate);
                double ratio = Math.log(ofGood.at(where)) - Math.log(ofRest.at(where));
                if (ratio > bestRatio) {
                    bestRatio = ratio;
                    best = candidate;
                }
            }
            values.put(parameter.name(), best);
        }
        return values;
    }

    private static Density density(Parameter parameter, List<Trial> trials) {
        List<Parameter.Interval> places = trials.stream()
                .map(trial -> parameter.interval(trial.values().getOrDefault(parameter.name(), "")))
                .toList();
        return parameter instanceof Choice choice
                ? new CountDensity(choice.values().size(), places)
                : new ParzenDensity(places);
    }
}
