package dev.parlance.cli;

import dev.parlance.config.Json;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.http.KeyOptions;
import dev.parlance.server.http.LimitOptions;
import dev.parlance.server.http.ServerOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a server says of its start and its end, to standard error: for people, or a line of JSON each. */
final class ServeLines {
    private final Console console;
    private final ServerOptions options;

    ServeLines(Console console, ServerOptions options) {
        this.console = console;
        this.options = options;
    }

    void listening(URI address) {
        boolean tls = options.security().tlsCert() != null;
        info("listening at " + address + (tls ? " (TLS, HTTP/2 and HTTP/1.1)" : " (HTTP/1.1)")
                + ": page at /, API at /docs, metrics at /metrics");
        LimitOptions limits = options.limits();
        info(String.format(
                Locale.ROOT,
                "limits: %,d requests at once, %,d bytes a body, %,d texts a request, %,d tokens a batch",
                limits.maxConcurrentRequests(),
                limits.payloadLimit(),
                options.batching().maxClientBatchSize(),
                options.batching().maxBatchTokens()));
        long admins =
                options.security().keys().stream().filter(KeyOptions::admin).count();
        long clients = options.security().keys().size() - admins;
        info("keys: " + (clients == 0 ? "none, whoever reaches this address may ask" : clients + " for clients")
                + (admins == 0 ? "; administration is closed" : "; " + admins + " for administration"));
        if (clients == 0 && !isLoopback(options.hostname())) {
            say(
                    "warning",
                    options.hostname() + " can be reached from other machines and no key is needed; set API_KEY,"
                            + " or security.keys in the file");
        }
        if (!tls && clients > 0 && !isLoopback(options.hostname())) {
            say("warning", "keys travel unencrypted; set --tls-cert and --tls-key, or put a proxy with TLS before it");
        }
    }

    void loaded(ModelInfo model, Duration took) {
        String what = model.dimensions() > 0
                ? model.dimensions() + " dimensions"
                : model.task().labels().size() + " labels";
        info(String.format(
                Locale.ROOT,
                "model %s, version %s: %s, %s, %s, up to %d tokens; loaded and warmed up in %.1f s",
                model.name(),
                model.version(),
                model.task().name(),
                what,
                model.precision(),
                model.maxLength(),
                took.toMillis() / 1000.0));
    }

    void info(String message) {
        say("info", message);
    }

    private void say(String level, String message) {
        if (options.operations().jsonOutput()) {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("time", Instant.now().toString());
            line.put("level", level);
            line.put("message", message);
            console.err().println(Json.line(line));
        } else {
            console.err().println(level.equals("info") ? message : console.paint("33", level + ": ") + message);
        }
    }

    private static boolean isLoopback(String hostname) {
        try {
            return Stream.of(InetAddress.getAllByName(hostname)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false; // listening has just worked, so this is not reached; else the warning does no harm
        }
    }
}
