package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers requests with the models it holds. Safe for concurrent use. */
public final class Engine implements AutoCloseable {
    /** The models, to load, unload and route. */
    public Models models() {
        throw new UnsupportedOperationException();
    }

    /**
     * Tokenizes, waits for a batch and runs it, all on threads of the engine's. Cancelling the future gives up inputs that no
     * batch has taken yet.
     *
     * @return completes with the answer, or exceptionally with a {@link Refusal}
     */
    public CompletableFuture<Answer> submit(Request request) {
        throw new UnsupportedOperationException();
    }

    /** The tokens of texts, on a thread of the engine's; completes exceptionally with a {@link Refusal}. */
    public CompletableFuture<List<Encoding>> tokenize(
            String model, @Nullable String version, List<Example> inputs, boolean addSpecialTokens) {
        throw new UnsupportedOperationException();
    }

    /** The text that ids stand for, on a thread of the engine's; completes exceptionally with a {@link Refusal}. */
    public CompletableFuture<List<String>> decode(
            String model, @Nullable String version, List<int[]> ids, boolean skipSpecialTokens) {
        throw new UnsupportedOperationException();
    }

    /** Takes no more requests, answers those that it has, and frees the models. */
    @Override
    public void close() {}
}
