package dev.parlance.train.search;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.crossval.Quiet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps as many trials running as wanted, hears what they say, gives some up, and writes down how they end. */
final class SearchLoop implements AutoCloseable {
    private static final long POLL_MILLIS = 20;
    /** So many failures without a success are no bad luck. */
    private static final int MOST_FAILURES = 5;

    private final SearchOptions options;
    private final Sampler sampler;
    private final Pruner pruner;
    private final Objective objective;
    private final Place place;
    private final SearchListener listener;
    private final BooleanSupplier stopRequested;
    private final List<Running> running = new ArrayList<>();
    private final Deque<Trial> again = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private boolean exhausted;

    /** Where trials are and how their settings are made of their values. */
    record Place(
            SearchDirectory directory,
            TrialLog log,
            boolean pairs,
            Function<Map<String, String>, RunConfig> settings) {}

    SearchLoop(
            SearchOptions options,
            Sampler sampler,
            Pruner pruner,
            Objective objective,
            Place place,
            SearchListener listener,
            BooleanSupplier stopRequested) {
        this.options = options;
        this.sampler = sampler;
        this.pruner = pruner;
        this.objective = objective;
        this.place = place;
        this.listener = listener;
        this.stopRequested = stopRequested;
    }

    /** Runs to the end; returns why it ended. */
    String run() {
        for (Trial trial : place.log().trials()) {
            if (trial.status() == Trial.Status.STARTED) {
                again.add(trial);
            } else {
                replay(trial);
            }
        }
        listener.onBegin(place.log().trials(), options.parallel(), options.threads());
        while (true) {
            Optional<String> end = end();
            if (end.isPresent()) {
                return end.get();
            }
            if (running.size() < options.parallel() && mayLaunch()) {
                launch();
            }
            if (running.isEmpty() && !mayLaunch()) {
                return exhausted
                        ? "everything was tried"
                        : launched() >= options.mostTrials() ? "the trials are done" : "the time is over";
            }
            for (Iterator<Running> i = running.iterator(); i.hasNext(); ) {
                if (isOver(i.next())) {
                    i.remove();
                }
            }
            sleep();
        }
    }

    /** The pruner hears what it would have heard had the search not been broken off. */
    private void replay(Trial trial) {
        double best = Double.NEGATIVE_INFINITY;
        for (Trial.Evaluation evaluation : trial.evaluations()) {
            best = Math.max(best, objective.goodness(evaluation.score()));
            pruner.goesOn(trial.number(), evaluation.epoch(), best);
        }
    }

    private Optional<String> end() {
        if (stopRequested.getAsBoolean()) {
            return Optional.of("stopped");
        }
        Duration budget = options.timeBudget();
        if (budget != null && seconds() >= budget.toMillis() / 1e3) {
            return Optional.of("the time is over");
        }
        List<Trial> ended = place.log().trials().stream()
                .filter(trial -> trial.status() != Trial.Status.STARTED)
                .toList();
        boolean allFailed = ended.stream().allMatch(trial -> trial.status() == Trial.Status.FAILED);
        return ended.size() >= MOST_FAILURES && allFailed
                ? Optional.of("the first " + ended.size() + " trials failed")
                : Optional.empty();
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private int launched() {
        return place.log().trials().size() - again.size();
    }

    /** A trial that would hardly end in time is not begun. */
    private boolean mayLaunch() {
        if (exhausted || (again.isEmpty() && launched() >= options.mostTrials())) {
            return false;
        }
        Duration budget = options.timeBudget();
        if (budget == null) {
            return true;
        }
        double[] lengths = place.log().trials().stream()
                .filter(trial -> trial.status() == Trial.Status.COMPLETE || trial.status() == Trial.Status.PRUNED)
                .mapToDouble(Trial::seconds)
                .sorted()
                .toArray();
        return lengths.length == 0 || seconds() + lengths[lengths.length / 2] <= budget.toMillis() / 1e3;
    }

    private void launch() {
        Trial next = again.poll();
        if (next == null) {
            List<Trial> before = place.log().trials();
            int number = before.isEmpty() ? 1 : before.get(before.size() - 1).number() + 1;
            Optional<Map<String, String>> values = sampler.suggest(number, before);
            exhausted = values.isEmpty();
            if (exhausted) {
                return;
            }
            next = Trial.started(number, values.get());
            place.log().append(next);
        }
        listener.onTrialBegin(next);
        try {
            RunConfig config = place.directory()
                    .place(place.settings().apply(next.values()), next.number(), place.pairs(), options.threads());
            TrialProcess process = TrialProcess.start(place.directory().beginTrial(next.number(), Quiet.of(config)));
            running.add(new Running(next, process));
        } catch (UserError e) {
            end(new Trial(
                    next.number(),
                    next.values(),
                    Trial.Status.FAILED,
                    null,
                    List.of(),
                    0,
                    String.valueOf(e.getMessage())));
        }
    }

    /** Takes in what a trial has said; true if it has ended or was given up. */
    private boolean isOver(Running trial) {
        boolean alive = trial.process.isAlive(); // asked first, so that nothing is missed that it said last
        for (TrialMessage message : trial.process.read()) {
            if (trial.hears(message) && !goesOn(trial)) {
                trial.process.close();
                finish(trial, Trial.Status.PRUNED, null);
                return true;
            }
        }
        if (alive) {
            return false;
        }
        trial.process.close();
        if (trial.error == null && trial.finalScore == null) {
            trial.error = trial.process.unexplained();
        }
        finish(trial, trial.error == null ? Trial.Status.COMPLETE : Trial.Status.FAILED, trial.error);
        return true;
    }

    /** Whether the trial goes on after its last measurement. */
    private boolean goesOn(Running trial) {
        Trial.Evaluation last = trial.evaluations.get(trial.evaluations.size() - 1);
        listener.onEvaluation(trial.trial, last);
        return pruner.goesOn(trial.trial.number(), last.epoch(), trial.best());
    }

    private void finish(Running trial, Trial.Status status, @Nullable String error) {
        Double score = trial.finalScore;
        if (score == null && !trial.evaluations.isEmpty()) {
            score = objective.goodness(trial.best()); // its own inverse
        }
        end(new Trial(
                trial.trial.number(),
                trial.trial.values(),
                status,
                status == Trial.Status.FAILED ? null : score,
                trial.evaluations,
                (System.nanoTime() - trial.start) / 1e9,
                error));
        place.directory().cleanTrial(trial.trial.number());
    }

    private void end(Trial trial) {
        place.log().append(trial);
        boolean best = objective
                .best(place.log().trials())
                .filter(first -> first.number() == trial.number())
                .isPresent();
        listener.onTrialEnd(trial, best);
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the search was interrupted; go on with --resume", e);
        }
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        running.forEach(trial -> trial.process.close());
        running.forEach(trial -> place.directory().cleanTrial(trial.trial.number()));
        running.clear();
    }

    /** A trial and what it has said so far. */
    private final class Running {
        final Trial trial;
        final TrialProcess process;
        final List<Trial.Evaluation> evaluations = new ArrayList<>();
        final long start = System.nanoTime();

        @Nullable
        Double finalScore;

        @Nullable
        String error;

        Running(Trial trial, TrialProcess process) {
            this.trial = trial;
            this.process = process;
        }

        /** Takes a message; true if it is a measurement, after which the trial may be given up. */
        boolean hears(TrialMessage message) {
            if (message.epoch() != null) {
                evaluations.add(new Trial.Evaluation(message.epoch(), Objects.requireNonNull(message.score())));
                return true;
            }
            finalScore = message.score();
            error = message.error();
            return false;
        }

        double best() {
            return evaluations.stream()
                    .mapToDouble(evaluation -> objective.goodness(evaluation.score()))
                    .max()
                    .orElse(Double.NEGATIVE_INFINITY);
        }
    }
}
