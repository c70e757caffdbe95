package dev.parlance.train.profile;

import dev.parlance.train.tensor.OpProfile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one thread did in the profiled steps. That thread alone writes it; others read it while the thread rests. */
final class Lane {
    private final String thread;
    private final EventLimit limit;
    private final Deque<Span> open = new ArrayDeque<>();
    private final Map<Work, Work.Total> totals = new LinkedHashMap<>();
    private final Map<Phase, Long> outermost = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> sections = new EnumMap<>(Phase.class);
    private final List<Event> events = new ArrayList<>();
    private @Nullable OpProfile operations;
    private long step;

    Lane(String thread, EventLimit limit) {
        this.thread = thread;
        this.limit = limit;
    }

    /** Says which step begins. */
    void beginStep(long number) {
        step = number;
    }

    /** Opens a span; within the outermost one the operations of this thread are timed. */
    Span open(Phase phase, boolean section) {
        if (open.isEmpty()) {
            operations = OpProfile.start(this::add);
        }
        Span span = new Span(this, phase, section, System.nanoTime());
        open.push(span);
        return span;
    }

    /** Closes a span, and those within it that an error has left open. */
    void close(Span span) {
        if (!open.contains(span)) {
            return;
        }
        long now = System.nanoTime();
        Span closed;
        do {
            closed = open.pop();
            end(closed, now);
        } while (closed != span);
    }

    /** Closes all spans, after an error. */
    void closeAll() {
        if (!open.isEmpty()) {
            close(open.getLast());
        }
    }

    private void end(Span span, long now) {
        long nanos = now - span.startNanos();
        Span around = open.peek();
        if (around != null) {
            around.cover(nanos);
        } else {
            outermost.merge(span.phase(), nanos, Long::sum);
            Objects.requireNonNull(operations).close();
            operations = null;
        }
        if (span.isSection()) {
            sections.merge(span.phase(), nanos, Long::sum);
        } else {
            total(Work.BETWEEN, span.phase()).add(1, span.uncoveredNanos(now), 0);
        }
        long ofStep = span.phase() == Phase.STEP ? step : 0;
        keep(new Event(span.phase().label(), span.phase(), span.startNanos(), now, List.of(), 0, ofStep));
    }

    private void add(OpProfile.Op op) {
        Span around = Objects.requireNonNull(open.peek());
        around.cover(op.nanos());
        Phase phase = phase(op, around.phase());
        total(op.name(), phase).add(1, op.nanos(), op.flops());
        String name = op.backward() ? op.name() + " backward" : op.name();
        keep(new Event(name, phase, op.startNanos(), op.endNanos(), op.shapes(), op.flops(), 0));
    }

    private static Phase phase(OpProfile.Op op, Phase around) {
        if (op.backward()) {
            return Phase.BACKWARD;
        }
        return around == Phase.BACKWARD ? Phase.RECOMPUTE : around;
    }

    private Work.Total total(String operation, Phase phase) {
        return totals.computeIfAbsent(new Work(operation, phase), work -> new Work.Total());
    }

    private void keep(Event event) {
        if (limit.admits()) {
            events.add(event);
        }
    }

    /** Name of the thread. */
    String thread() {
        return thread;
    }

    Map<Work, Work.Total> totals() {
        return totals;
    }

    /** Nanoseconds in spans that were in no other, by their phase. */
    Map<Phase, Long> outermost() {
        return outermost;
    }

    /** Nanoseconds in which this thread waited for others, by what they did. */
    Map<Phase, Long> sections() {
        return sections;
    }

    /** In the order in which they ended. */
    List<Event> events() {
        return events;
    }
}
