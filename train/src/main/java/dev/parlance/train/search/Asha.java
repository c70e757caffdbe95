package dev.parlance.train.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asynchronous successive halving: a trial that reaches a rung goes on only if it is in the best {@code 1/eta} of those that
 * have reached the rung so far; the first {@code eta - 1} go on anyway. L. Li et al. (2018), A System for Massively Parallel
 * Hyperparameter Tuning, in its stopping form, in which trials are never paused: nothing waits, and nothing has to be
 * trained twice.
 */
final class Asha implements Pruner {
    private static final double SAME_EPOCH = 1e-6;

    private final int eta;
    private final List<Rung> rungs = new ArrayList<>();

    private record Rung(double epochs, Map<Integer, Double> reached) {}

    /**
     * Rungs at {@code minEpochs}, {@code minEpochs * eta} and so on below {@code maxEpochs}.
     *
     * @param minEpochs passes before any trial is given up, more than 0
     * @param maxEpochs passes of the longest trial
     * @param eta one of how many goes on at a rung, at least 2
     */
    Asha(double minEpochs, double maxEpochs, int eta) {
        this.eta = eta;
        for (double epochs = minEpochs; epochs < maxEpochs - SAME_EPOCH; epochs *= eta) {
            rungs.add(new Rung(epochs, new HashMap<>()));
        }
    }

    @Override
    public boolean goesOn(int trial, double epochs, double goodness) {
        boolean goesOn = true;
        for (Rung rung : rungs) {
            if (epochs + SAME_EPOCH >= rung.epochs() && !rung.reached().containsKey(trial)) {
                rung.reached().put(trial, goodness);
                goesOn &= amongTheBest(rung, goodness);
            }
        }
        return goesOn;
    }

    private boolean amongTheBest(Rung rung, double goodness) {
        int places = rung.reached().size() / eta;
        long better = rung.reached().values().stream()
                .filter(other -> other > goodness)
                .count();
        return places == 0 || better < places;
    }

    /** Passes at which trials are given up. */
    List<Double> rungs() {
        return rungs.stream().map(Rung::epochs).toList();
    }
}
