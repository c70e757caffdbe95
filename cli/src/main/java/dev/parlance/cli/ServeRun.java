package dev.parlance.cli;

import dev.parlance.config.UserError;
import dev.parlance.server.api.Routes;
import dev.parlance.server.engine.Engine;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.http.ParlanceServer;
import dev.parlance.server.http.ProcessMetrics;
import dev.parlance.server.http.ServedModel;
import dev.parlance.server.http.ServerOptions;
import dev.parlance.server.http.TrafficOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A server from its start to its end. It answers health checks before its models are loaded. */
final class ServeRun {
    private final Console console;
    private final ServerOptions options;
    private final ServeLines lines;

    /** Completes when it is to end; exceptionally if a model cannot be loaded. */
    private final CompletableFuture<String> end = new CompletableFuture<>();

    ServeRun(Console console, ServerOptions options) {
        this.console = console;
        this.options = options;
        this.lines = new ServeLines(console, options);
    }

    int call() {
        Signals.handle("INT", () -> signalled("Ctrl-C", Command.INTERRUPTED));
        Signals.handle("TERM", () -> signalled("SIGTERM", Command.TERMINATED));
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Traces traces = Traces.of(options.operations());
                ProcessMetrics process = ProcessMetrics.bind(meters);
                Engine engine = new Engine(EngineSettings.of(options), meters);
                ParlanceServer server = server(engine, meters, traces)) {
            lines.listening(server.address());
            load(engine.models());
            lines.info("shutting down on " + reason() + ": readiness is 503, what is in flight is answered within "
                    + options.operations().drainTimeout());
            boolean all = server.drain();
            lines.info(all ? "all requests were answered" : "requests that took longer were given up");
            return all ? Command.OK : Command.FAILED;
        }
    }

    private ParlanceServer server(Engine engine, PrometheusMeterRegistry meters, Traces traces) {
        engine.models().expect(options.models().stream().map(ServedModel::name).toList());
        return ParlanceServer.start(
                options,
                Routes.of(engine),
                new ParlanceServer.Telling(
                        meters,
                        traces.telemetry(),
                        console.out()::println,
                        console.err()::println,
                        console.out()::flush));
    }

    /** On a thread of its own, since a signal may come while a large model is read. */
    private void load(Models models) {
        Thread loader = new Thread(
                () -> {
                    try {
                        options.models().forEach(model -> load(models, model));
                        options.traffic().forEach(share -> models.route(share.model(), traffic(share)));
                        lines.info("ready");
                    } catch (Refusal e) {
                        end.completeExceptionally(new UserError("traffic: " + e.reason(), e));
                    } catch (RuntimeException | LinkageError e) {
                        end.completeExceptionally(e);
                    }
                },
                "parlance-load");
        loader.setDaemon(true);
        loader.start();
    }

    private void load(Models models, ServedModel model) {
        if (end.isDone()) {
            return;
        }
        long start = System.nanoTime();
        Path directory = ServedModels.resolve(model.path(), console, lines::info);
        ModelInfo info = models.load(new ModelSpec(model.name(), model.version(), directory));
        lines.loaded(info, Duration.ofNanos(System.nanoTime() - start));
    }

    private static Models.Traffic traffic(TrafficOptions share) {
        return new Models.Traffic(share.defaultVersion(), share.canary(), share.canaryPercent(), share.shadow());
    }

    private String reason() {
        try {
            return end.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void signalled(String what, int exitCode) {
        if (!end.complete(what)) {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
