package dev.parlance.train.search;

import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to search.
 *
 * @param method how settings are chosen
 * @param scheduler which trials are given up on the way
 * @param trials most trials; 0 for no limit but the time and the grid
 * @param timeBudget longest time of this call; null for no limit
 * @param parallel trials that run at the same time, each in a process of its own
 * @param coresPerTrial threads of each trial; 0 shares the processors out
 * @param minEpochs passes over the training data before a trial may be given up
 * @param eta one of how many trials goes on when some are given up
 * @param startupTrials trials that TPE draws evenly before it estimates anything
 * @param seed seed of what is drawn
 * @param directory where the search is kept; null is the model's directory with {@code .search} after its name
 * @param resume whether to go on with the search that is there
 */
public record SearchOptions(
        Method method,
        Scheduler scheduler,
        int trials,
        @Nullable Duration timeBudget,
        int parallel,
        int coresPerTrial,
        double minEpochs,
        int eta,
        int startupTrials,
        long seed,
        @Nullable Path directory,
        boolean resume) {
    /** Trials if neither their number nor a time is said. */
    public static final int DEFAULT_TRIALS = 20;

    /** How settings are chosen. */
    public enum Method {
        /** Every combination. */
        GRID,
        /** Drawn evenly. */
        RANDOM,
        /** Tree-structured Parzen estimators. */
        TPE
    }

    /** Which trials are given up on the way. */
    public enum Scheduler {
        /** None. */
        NONE,
        /** Asynchronous successive halving. */
        ASHA,
        /** Several of them that begin at different points. */
        HYPERBAND
    }

    /** TPE over 20 trials, one after the other, none given up. */
    public static SearchOptions defaults() {
        return new SearchOptions(Method.TPE, Scheduler.NONE, 0, null, 1, 0, 1, 3, 10, 42, null, false);
    }

    public SearchOptions {
        check("trials", trials, 0, 1_000_000);
        check("parallel", parallel, 1, 1_024);
        check("cores per trial", coresPerTrial, 0, 1_024);
        check("eta", eta, 2, 1_000);
        check("startup trials", startupTrials, 1, 1_000_000);
        if (!(minEpochs > 0 && minEpochs <= 100_000)) {
            throw new UserError(
                    "the least number of epochs is " + minEpochs + ", expected more than 0 and at most 100000");
        }
        if (timeBudget != null && (timeBudget.isNegative() || timeBudget.isZero())) {
            throw new UserError("the time budget is " + timeBudget + ", expected more than no time");
        }
    }

    /** Most trials: those asked for; without a limit of any kind {@value #DEFAULT_TRIALS}, but a grid is tried whole. */
    int mostTrials() {
        if (trials > 0) {
            return trials;
        }
        return method == Method.GRID || timeBudget != null ? Integer.MAX_VALUE : DEFAULT_TRIALS;
    }

    /** Threads of each trial. */
    int threads() {
        return coresPerTrial > 0
                ? coresPerTrial
                : Math.max(1, Runtime.getRuntime().availableProcessors() / parallel);
    }

    private static void check(String what, int found, int low, int high) {
        if (found < low || found > high) {
            throw new UserError(
                    "the number of " + what + " is " + found + ", expected one from " + low + " to " + high);
        }
    }
}
