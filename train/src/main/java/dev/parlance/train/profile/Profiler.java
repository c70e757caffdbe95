package dev.parlance.train.profile;

import dev.parlance.config.TrainingArguments;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Times some steps of a training run, all threads of them. Between {@link #beginStep} and {@link #endStep} of such a step each
 * span is kept, with the tensor operations within it; in all others a span is nothing and costs nothing. The steps compute
 * the same, bit by bit.
 *
 * <p>One thread, that of the loop, begins and ends steps; any thread opens spans.
 */
public final class Profiler implements AutoCloseable {
    private final TrainingArguments arguments;
    private final int threads;
    private final Consumer<Recording> whenDone;
    private final EventLimit limit;
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();
    private final Deque<StepTime> before = new ArrayDeque<>();
    private final List<StepTime> profiled = new ArrayList<>();
    private volatile boolean recording;
    private Span step = Span.NONE;
    private int steps;
    private boolean done;

    /** A finished step: its number, how long it took, and the real tokens that it learned from. */
    record StepTime(long step, double seconds, long tokens) {}

    private Profiler(TrainingArguments arguments, int threads, Consumer<Recording> whenDone) {
        this.arguments = arguments;
        this.threads = threads;
        this.whenDone = whenDone;
        this.limit = new EventLimit(arguments.profileMaxEvents());
        this.done = arguments.profileSteps() == 0;
    }

    /** One that never times anything. */
    public static Profiler off() {
        return new Profiler(TrainingArguments.defaults(), 1, recording -> {});
    }

    /**
     * One that times the steps that the settings want, if any.
     *
     * @param threads that train
     * @param whenDone hears once, after the last of these steps, what was recorded
     */
    public static Profiler of(TrainingArguments arguments, int threads, Consumer<Recording> whenDone) {
        return new Profiler(arguments, threads, whenDone);
    }

    /** Begins a step, by its number in the run. */
    public void beginStep(long number) {
        if (!done && steps >= arguments.profileSkipSteps()) {
            recording = true;
            Lane loop = lane();
            loop.beginStep(number);
            step = loop.open(Phase.STEP, false);
        }
    }

    /**
     * Ends a step.
     *
     * @param number of the step in the run
     * @param seconds that it took
     * @param tokens real ones, that it learned from
     */
    public void endStep(long number, double seconds, long tokens) {
        if (done) {
            return;
        }
        steps++;
        StepTime time = new StepTime(number, seconds, tokens);
        if (!recording) {
            before.addLast(time);
            if (before.size() > (arguments.profileSkipSteps() + 1) / 2) {
                before.removeFirst(); // the later half is what compares with the steps that follow
            }
            return;
        }
        step.close();
        recording = false;
        profiled.add(time);
        if (profiled.size() == arguments.profileSteps()) {
            finish();
        }
    }

    /**
     * Ends with the steps that there were, where the run is shorter than wanted.
     *
     * @return whether there were any
     */
    public boolean finish() {
        if (!done && !profiled.isEmpty()) {
            done = true;
            List<Lane> others = lanes.entrySet().stream()
                    .filter(entry -> entry.getKey() != Thread.currentThread())
                    .map(Map.Entry::getValue)
                    .toList();
            whenDone.accept(new Recording(lane(), others, threads, List.copyOf(before), profiled, limit));
        }
        lanes.clear();
        return !profiled.isEmpty();
    }

    /** A part of the step on this thread. */
    public Span span(Phase phase) {
        return recording ? lane().open(phase, false) : Span.NONE;
    }

    /** A part of the step in which this thread, that of the loop, waits for the others. */
    public Span section(Phase phase) {
        return recording ? lane().open(phase, true) : Span.NONE;
    }

    /** What {@code body} makes, with a span around it. */
    public <T> T in(Phase phase, Supplier<T> body) {
        try (Span span = span(phase)) {
            return body.get();
        }
    }

    /** Something that closes {@code resource} with a span around it. */
    public Closing closing(Phase phase, Runnable resource) {
        return new Closing(this, phase, resource);
    }

    private Lane lane() {
        return lanes.computeIfAbsent(Thread.currentThread(), thread -> new Lane(thread.getName(), limit));
    }

    /** Lets go of a step that an error has broken off. */
    @Override
    public void close() {
        recording = false;
        Lane loop = lanes.get(Thread.currentThread());
        if (loop != null) {
            loop.closeAll();
        }
    }

    /** Closes something with a span around that. */
    public static final class Closing implements AutoCloseable {
        private final Profiler profiler;
        private final Phase phase;
        private final Runnable resource;

        private Closing(Profiler profiler, Phase phase, Runnable resource) {
            this.profiler = profiler;
            this.phase = phase;
            this.resource = resource;
        }

        @Override
        public void close() {
            try (Span span = profiler.span(phase)) {
                resource.run();
            }
        }
    }
}
