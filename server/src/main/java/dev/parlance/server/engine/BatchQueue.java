package dev.parlance.server.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that wait for a batch of one model, by arrival and by length. A batch always has the oldest, so that nobody starves,
 * and others of about its length, so that little is padding. Adding, removing and taking an input are O(log n). The scheduler
 * guards it; only {@link #size} and {@link #tokens} may be asked by anyone.
 */
final class BatchQueue {
    private final LinkedHashSet<Input> byArrival = new LinkedHashSet<>();
    private final TreeSet<Input> byLength =
            new TreeSet<>(Comparator.comparingInt(Input::length).thenComparingLong(Input::sequence));
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong tokens = new AtomicLong();

    /** How many inputs wait. */
    int size() {
        return size.get();
    }

    /** How many tokens they have. */
    long tokens() {
        return tokens.get();
    }

    boolean isEmpty() {
        return byArrival.isEmpty();
    }

    /** The input that has waited longest; fails if none waits. */
    Input oldest() {
        return byArrival.iterator().next();
    }

    /** Adds an input whose sequence number is higher than all before. */
    void add(Input input) {
        byArrival.add(input);
        byLength.add(input);
        size.incrementAndGet();
        tokens.addAndGet(input.length());
    }

    /** Takes an input out; false if it does not wait here. */
    boolean remove(Input input) {
        if (!byArrival.remove(input)) {
            return false;
        }
        byLength.remove(input);
        size.decrementAndGet();
        tokens.addAndGet(-input.length());
        return true;
    }

    /** Takes out the oldest input and those that it pays to run along with it; there is at least one. */
    List<Input> take(BatchShape.Limits limits) {
        List<Input> batch = choose(limits);
        batch.forEach(this::remove);
        return batch;
    }

    /** Grows from the oldest to the next shorter or the next longer, whichever makes a token cheaper, until none does. */
    private List<Input> choose(BatchShape.Limits limits) {
        Input oldest = oldest();
        List<Input> batch = new ArrayList<>();
        batch.add(oldest);
        BatchShape shape = BatchShape.of(oldest.length());
        Iterator<Input> below = byLength.headSet(oldest, false).descendingIterator();
        Iterator<Input> above = byLength.tailSet(oldest, false).iterator();
        Input shorter = next(below);
        Input longer = next(above);
        while (!shape.isFull(limits)) {
            BatchShape withShorter = shape.with(shorter, limits);
            BatchShape withLonger = shape.with(longer, limits);
            boolean down = BatchShape.isFirstCheaper(withShorter, withLonger, limits);
            BatchShape grown = down ? withShorter : withLonger;
            Input chosen = down ? shorter : longer;
            if (grown == null || chosen == null || grown.costOfToken(limits) >= shape.costOfToken(limits)) {
                return batch;
            }
            shape = grown;
            batch.add(chosen);
            if (down) {
                shorter = next(below);
            } else {
                longer = next(above);
            }
        }
        return batch;
    }

    private static @Nullable Input next(Iterator<Input> inputs) {
        return inputs.hasNext() ? inputs.next() : null;
    }
}
