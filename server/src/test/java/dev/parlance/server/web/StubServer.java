package dev.parlance.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parlance.server.api.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the real files of the page over answers that a test chooses: what a sound server with sound models never says, at the
 * moment that the test needs it.
 */
final class StubServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);

    /** So many requests for answers are refused with 429 from now on. */
    final AtomicInteger busy = new AtomicInteger();

    /** Requests for answers, refused ones too. */
    final AtomicInteger asked = new AtomicInteger();

    /** Requests that the server works on now, and the most there were. */
    private final AtomicInteger inFlight = new AtomicInteger();

    final AtomicInteger mostInFlight = new AtomicInteger();

    /** The key that every request must have, or null. */
    volatile @Nullable String key;

    /** How long an answer takes. */
    volatile long millis;

    StubServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            Optional<Reply> file = PageFiles.at(exchange.getRequestURI().getPath());
            if (file.isPresent()) {
                send(exchange, file.get());
            } else {
                api(exchange);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void api(HttpExchange exchange) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (key != null && !("Bearer " + key).equals(given)) {
            send(exchange, json(401, Map.of("error", "a key is needed", "error_type", "Unauthorized")));
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/api/models" -> send(exchange, resource("models.json"));
            case "/api/stats" -> send(exchange, json(200, StubStats.at(asked.get())));
            case "/predict", "/embed" -> model(exchange);
            default -> send(exchange, json(404, Map.of("error", "there is no such route")));
        }
    }

    private void model(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        asked.incrementAndGet();
        if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            send(exchange, json(429, Map.of("error", "the queue is full", "error_type", "Overloaded")));
            return;
        }
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        Browser.sleep(Duration.ofMillis(millis));
        try {
            for (JsonNode input : body.path("inputs")) {
                if (input.toString().contains("endless")) {
                    send(
                            exchange,
                            json(413, Map.of("error", "inputs: a text has 900 tokens, at most 512 are allowed")));
                    return;
                }
            }
            String model = exchange.getRequestURI().getQuery().replaceFirst("^model=", "");
            List<Object> outputs = new ArrayList<>();
            for (JsonNode input : body.path("inputs")) {
                outputs.add(input.isArray() ? labels(model, input) : vector(input.asText()));
            }
            send(exchange, json(200, outputs));
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private static List<Map<String, Object>> labels(String model, JsonNode input) throws IOException {
        JsonNode models = JSON.readTree(resource("models.json").body()).path("models");
        List<Map<String, Object>> scores = new ArrayList<>();
        for (JsonNode candidate : models) {
            if (candidate.path("name").asText().equals(model)) {
                double rest = 1;
                for (JsonNode label : candidate.path("labels")) {
                    boolean last = scores.size() == candidate.path("labels").size() - 1;
                    double score = last ? rest : rest * 0.7;
                    scores.add(Map.of("label", label.asText(), "score", score));
                    rest -= score;
                }
            }
        }
        boolean good = input.path(0).asText().contains("good") || scores.size() != 2;
        return good ? scores : List.of(swap(scores, 1, 0), swap(scores, 0, 1));
    }

    private static Map<String, Object> swap(List<Map<String, Object>> scores, int label, int score) {
        return Map.of(
                "label",
                scores.get(label).get("label"),
                "score",
                scores.get(score).get("score"));
    }

    /** How often each of eight groups of letters occurs. */
    private static double[] vector(String text) {
        double[] vector = new double[8];
        text.codePoints().forEach(c -> vector[Math.floorMod(c, 8)]++);
        return vector;
    }

    private static Reply resource(String name) throws IOException {
        try (var in = StubServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the test lacks its resource " + name);
            }
            return new Reply(200, "application/json", in.readAllBytes(), Map.of());
        }
    }

    private static Reply json(int status, Object value) throws IOException {
        return new Reply(
                status, "application/json", JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(reply.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
