package dev.parlance.predict;

import dev.parlance.data.Example;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Examples pass through in windows: a thread of its own reads and tokenizes the next window while the consumer's thread
 * runs the model on this one. The first windows are small, so that first answers come soon.
 *
 * @param <E> an example that was read ahead
 */
final class PredictionStream<E> implements Iterator<Prediction> {
    private static final int FIRST_WINDOW = 128;
    private static final int LARGEST_WINDOW = 2_048;
    /** Most chars of a window: bounds memory. */
    private static final long WINDOW_CHARS = 4_000_000;
    /** Most chars of a window that the model sees: bounds the time between two windows. */
    private static final long WINDOW_SEEN_CHARS = 400_000;

    private static final int WINDOWS_AHEAD = 2;
    private static final long CLOSE_MILLIS = 2_000;

    private final Stream<Example> source;
    private final Stages<E> stages;
    private final int seenChars;
    private final BlockingQueue<Item<E>> ahead = new ArrayBlockingQueue<>(WINDOWS_AHEAD);
    private final Thread reader = new Thread(this::read, "parlance-tokenize");
    private Iterator<Prediction> ready = List.<Prediction>of().iterator();
    private boolean started;
    private boolean ended;

    PredictionStream(Stream<Example> source, Stages<E> stages) {
        this.source = source;
        this.stages = stages;
        this.seenChars = stages.seenChars();
        reader.setDaemon(true);
    }

    Stream<Prediction> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    @Override
    public boolean hasNext() {
        while (!ready.hasNext() && !ended) {
            advance();
        }
        return ready.hasNext();
    }

    @Override
    public Prediction next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no predictions are left");
        }
        return ready.next();
    }

    private void advance() {
        if (!started) {
            started = true;
            reader.start();
        }
        try {
            Item<E> item = ahead.take();
            if (item instanceof Window<E> window) {
                ready = stages.run(window.examples(), window.encoded()).iterator();
            } else {
                ended = true;
                if (item instanceof Failure<E> failure) {
                    rethrow(failure.cause());
                }
            }
        } catch (InterruptedException e) {
            stopReader();
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while predicting");
            cancelled.initCause(e);
            throw cancelled;
        } catch (RuntimeException | Error e) {
            stopReader();
            throw e;
        }
    }

    private void stopReader() {
        ended = true;
        reader.interrupt();
    }

    /** Keeps the type, which callers act on, and adds where it came out. */
    private static void rethrow(Throwable cause) {
        cause.addSuppressed(new IllegalStateException("raised while reading ahead for this thread"));
        if (cause instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) cause;
    }

    private void read() {
        try {
            try {
                Iterator<Example> examples = source.iterator();
                for (int size = FIRST_WINDOW; examples.hasNext(); size = Math.min(2 * size, LARGEST_WINDOW)) {
                    List<Example> window = take(examples, size);
                    ahead.put(new Window<>(window, stages.encode(window)));
                }
                ahead.put(new End<>());
            } catch (RuntimeException | Error e) {
                ahead.put(new Failure<>(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed early: nobody waits for more
        }
    }

    private List<Example> take(Iterator<Example> examples, int size) throws InterruptedException {
        List<Example> window = new ArrayList<>(size);
        long chars = 0;
        long seen = 0;
        while (window.size() < size && chars < WINDOW_CHARS && seen < WINDOW_SEEN_CHARS && examples.hasNext()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Example example = examples.next();
            window.add(example);
            int length = example.text().length()
                    + (example.textPair() == null ? 0 : example.textPair().length());
            chars += length;
            seen += Math.min(length, seenChars);
        }
        return window;
    }

    /** Waits a little for the thread, which may be in a read that cannot be interrupted; it ends with that read. */
    private void close() {
        stopReader();
        try {
            if (started) {
                reader.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            source.close();
        }
    }

    private sealed interface Item<E> {}

    private record Window<E>(List<Example> examples, List<E> encoded) implements Item<E> {}

    private record Failure<E>(Throwable cause) implements Item<E> {}

    private record End<E>() implements Item<E> {}
}
