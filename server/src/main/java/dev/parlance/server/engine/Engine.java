package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.tokenize.Encoding;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests with the models it holds. Safe for concurrent use. */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final EngineOptions options;
    private final MeterRegistry registry;
    private final Bounds bounds;
    private final Models models;
    private final Stations stations;
    private final Shadowing shadowing;
    private final Gate gate = new Gate();

    /**
     * An engine without models, whose threads wait for work.
     *
     * @param registry gets its metrics, all named {@code parlance.*}
     */
    public Engine(EngineOptions options, MeterRegistry registry) {
        this.options = options;
        this.registry = registry;
        bounds = new Bounds(options);
        models = new Models(new ModelLoader(options, registry));
        stations = new Stations(options);
        shadowing = new Shadowing(stations, options);
        stations.everySecond(
                () -> models.served().forEach(model -> model.metrics().latency().roll()));
    }

    /** The models, to load, unload and route. */
    public Models models() {
        return models;
    }

    /** The bounds that it was made with. */
    public EngineOptions options() {
        return options;
    }

    /** What each version has done, in the order of {@link Models#list}. */
    public List<Stats> stats() {
        return models.served().stream().map(ServedModel::stats).toList();
    }

    /**
     * Tokenizes, waits for a batch and runs it, all on threads of the engine's. Cancelling the future gives up inputs that no
     * batch has taken yet.
     *
     * @return completes with the answer, or exceptionally with a {@link Refusal}
     */
    public CompletableFuture<Answer> submit(Request request) {
        return admit(request.model(), request.version(), model -> start(request, model));
    }

    /** The tokens of texts, on a thread of the engine's; completes exceptionally with a {@link Refusal}. */
    public CompletableFuture<List<Encoding>> tokenize(
            String model, @Nullable String version, List<Example> inputs, boolean addSpecialTokens) {
        List<Example> examples = List.copyOf(inputs);
        return admit(model, version, served -> {
            bounds.checkInputs(examples);
            return stations.compute(() -> TokenCalls.tokenize(served, examples, addSpecialTokens));
        });
    }

    /** The text that ids stand for, on a thread of the engine's; completes exceptionally with a {@link Refusal}. */
    public CompletableFuture<List<String>> decode(
            String model, @Nullable String version, List<int[]> ids, boolean skipSpecialTokens) {
        List<int[]> sequences = List.copyOf(ids);
        return admit(
                model,
                version,
                served -> stations.compute(() -> TokenCalls.decode(served, sequences, skipSpecialTokens, bounds)));
    }

    /** Takes no more requests, answers those that it has, and frees the models. */
    @Override
    public void close() {
        gate.close();
        stations.close();
        models.close();
    }

    private CompletableFuture<Answer> start(Request request, ServedModel model) {
        List<Example> inputs = request.inputs();
        bounds.checkInputs(inputs);
        long timeout = bounds.timeoutNanos(request, model);
        long start = System.nanoTime();
        long chars = inputs.stream().mapToLong(Answers::chars).sum();
        Job job = new Job(model.info(), inputs.size(), (int) Math.min(Integer.MAX_VALUE, chars), start + timeout);
        CompletableFuture<Answer> counted = job.future().whenComplete((answer, failure) -> {
            if (answer != null) {
                model.metrics().answered(System.nanoTime() - start);
                if (request.version() == null) {
                    copyToShadow(request, answer);
                }
            }
        });
        Threads.onEnd(counted, (answer, failure) -> job.future().cancel(false)); // hands a cancellation on
        Boolean truncate = request.truncate();
        stations.start(model, job, inputs, truncate == null ? options.autoTruncate() : truncate, false);
        stations.watch(job, timeout);
        return counted;
    }

    private void copyToShadow(Request request, Answer answer) {
        ServedModel shadow = models.acquireShadow(request.model());
        if (shadow != null) {
            try {
                shadowing.copy(shadow, request.inputs(), answer);
            } finally {
                shadow.lease().release();
            }
        }
    }

    /** Does work for a request that may enter, with the model in hand until the work is done. */
    private <T> CompletableFuture<T> admit(
            String name, @Nullable String version, Function<ServedModel, CompletableFuture<T>> work) {
        ServedModel model;
        try {
            model = enter(name, version);
        } catch (Refusal e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> inner;
        try {
            inner = work.apply(model);
        } catch (RuntimeException | Error e) {
            inner = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> promise = new CompletableFuture<>();
        Threads.onEnd(inner, (value, failure) -> {
            Throwable cause = failure == null ? null : refusal(failure, model);
            leave(model);
            if (cause == null) {
                promise.complete(value);
            } else {
                promise.completeExceptionally(cause);
            }
        });
        CompletableFuture<T> running = inner;
        Threads.onEnd(promise, (value, failure) -> running.cancel(false)); // hands a cancellation on
        return promise;
    }

    private ServedModel enter(String name, @Nullable String version) {
        if (!gate.enter()) {
            ModelMetrics.rejectedWithoutModel(registry, Kind.UNHEALTHY);
            throw Stations.shuttingDown();
        }
        ServedModel model;
        try {
            model = models.acquire(name, version);
        } catch (Refusal e) {
            gate.leave();
            ModelMetrics.rejectedWithoutModel(registry, e.kind());
            throw e;
        }
        if (!model.tryBegin(options.maxConcurrentRequests())) {
            Refusal full = new Refusal(
                    Kind.OVERLOADED,
                    "too many requests wait for this model",
                    model.throughput().retryAfter(model.queue().tokens()));
            model.metrics().rejected(full.kind());
            model.lease().release();
            gate.leave();
            throw full;
        }
        return model;
    }

    private void leave(ServedModel model) {
        model.end();
        model.lease().release();
        gate.leave();
    }

    /** What a client gets to know of a failure, which is counted. */
    private static Throwable refusal(Throwable failure, ServedModel model) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CancellationException) {
            model.metrics().cancelled();
            return cause;
        }
        Refusal refusal;
        if (cause instanceof Refusal known) {
            refusal = known;
        } else {
            LOG.error("a request for {} failed", model.info().name(), cause);
            refusal = new Refusal(Kind.BACKEND, "the server failed");
        }
        model.metrics().rejected(refusal.kind());
        return refusal;
    }
}
