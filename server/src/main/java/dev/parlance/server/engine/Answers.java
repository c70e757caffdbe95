package dev.parlance.server.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parlance.data.Example;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one version of a model has answered lately, and what it is answering now, so that an input that comes again is not
 * run again. Safe for concurrent use.
 */
final class Answers {
    /** Longer texts are rarely the same, and would make the bound on entries one of no known size. */
    private static final int MAX_CACHED_CHARS = 8_192;

    private final @Nullable Cache<Key, Outcome> cache;
    private final @Nullable ConcurrentHashMap<Key, Input> running;
    private final ModelMetrics metrics;

    private record Key(Example example, boolean truncate) {}

    /**
     * Remembers what the options say.
     *
     * @param options of which {@code cacheEntries} and {@code collapse} count
     */
    Answers(EngineOptions options, ModelMetrics metrics) {
        this.metrics = metrics;
        cache = options.cacheEntries() == 0
                ? null
                : Caffeine.newBuilder()
                        .maximumSize(options.cacheEntries())
                        .executor(Runnable::run)
                        .build();
        running = options.collapse() ? new ConcurrentHashMap<>() : null;
    }

    /** The outcome that an input had before, or null. */
    @Nullable
    Outcome find(Example example, boolean truncate) {
        if (cache == null) {
            return null;
        }
        Outcome known = cache.getIfPresent(new Key(example, truncate));
        metrics.looked(known != null);
        return known;
    }

    /**
     * Joins the same input of another request, or starts a new one.
     *
     * @param started gets the input if it is new
     */
    Input joinOrStart(ServedModel model, Example example, boolean truncate, Job job, int index, List<Input> started) {
        if (running == null) {
            Input fresh = new Input(model, example, truncate, false, job, index);
            started.add(fresh);
            return fresh;
        }
        return running.compute(new Key(example, truncate), (key, other) -> {
            if (other != null && other.join(job, index)) {
                metrics.collapsed();
                return other;
            }
            Input fresh = new Input(model, example, truncate, false, job, index);
            started.add(fresh);
            return fresh;
        });
    }

    /**
     * Tells that an input has ended.
     *
     * @param outcome to be remembered, or null if there is none
     */
    void ended(Input input, @Nullable Outcome outcome) {
        if (input.isBackground()) {
            return;
        }
        Key key = new Key(input.example(), input.truncate());
        if (cache != null && outcome != null && chars(input.example()) <= MAX_CACHED_CHARS) {
            cache.put(key, outcome.known());
        }
        if (running != null) {
            running.remove(key, input);
        }
    }

    /** Chars of a text, or of both texts of a pair. */
    static int chars(Example example) {
        String pair = example.textPair();
        return example.text().length() + (pair == null ? 0 : pair.length());
    }
}
