package dev.parlance.train.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several successive halvings that begin to give up at different points, for when it is not known how early a good trial
 * shows. L. Li et al. (2017), Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 18. Each bracket
 * is an {@link Asha} of its own, as in their later paper; it gets trials in proportion to what Hyperband gives it.
 */
final class Hyperband implements Pruner {
    private final List<Asha> brackets = new ArrayList<>(); // the one that gives up earliest is first
    private final List<Integer> shares = new ArrayList<>();
    private final Map<Integer, Integer> bracketOfTrial = new HashMap<>();

    /**
     * Brackets that begin at {@code minEpochs}, {@code minEpochs * eta} and so on; the last gives nothing up.
     *
     * @param minEpochs passes before any trial is given up, more than 0
     * @param maxEpochs passes of the longest trial
     * @param eta one of how many goes on at a rung, at least 2
     */
    Hyperband(double minEpochs, double maxEpochs, int eta) {
        int most = new Asha(minEpochs, maxEpochs, eta).rungs().size();
        double start = minEpochs;
        for (int s = most; s >= 0; s--) {
            brackets.add(new Asha(start, maxEpochs, eta));
            shares.add((int) Math.ceil((most + 1.0) / (s + 1) * Math.pow(eta, s)));
            start *= eta;
        }
    }

    @Override
    public boolean goesOn(int trial, double epochs, double goodness) {
        return brackets.get(bracket(trial)).goesOn(trial, epochs, goodness);
    }

    /** The bracket of a trial: that which is farthest behind its share if trials come in the order of their numbers. */
    int bracket(int trial) {
        return bracketOfTrial.computeIfAbsent(trial, number -> {
            int[] given = new int[shares.size()];
            int last = 0;
            for (int i = 0; i < number; i++) {
                last = mostBehind(given);
                given[last]++;
            }
            return last;
        });
    }

    private int mostBehind(int[] given) {
        int best = 0;
        for (int i = 1; i < given.length; i++) {
            if ((given[i] + 1L) * shares.get(best) < (given[best] + 1L) * shares.get(i)) {
                best = i;
            }
        }
        return best;
    }
}
