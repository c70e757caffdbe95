package dev.parlance.train.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parlance.train.weights.ArrayWeights;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Plays the Hub for one model, {@code owner/name}: the listing and small files on one port; large files (named
 * {@code *.safetensors}) redirect to another port, as the real one redirects to another host.
 */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String MODEL = "hf:owner/name";

    /** One request that came in. */
    record Request(
            boolean atHub,
            String path,
            @Nullable String authorization,
            @Nullable String range) {}

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final Map<String, String> checksums = new ConcurrentHashMap<>();

    /** Paths that end in a key are answered with this status. */
    final Map<String, Integer> statuses = new ConcurrentHashMap<>();

    /** Files whose next answer breaks off after so many bytes. */
    final Map<String, Integer> breaks = new ConcurrentHashMap<>();

    /** Files whose broken answer keeps the connection open, and silent. */
    final Set<String> stalls = ConcurrentHashMap.newKeySet();

    private final HttpServer hub = server();
    private final HttpServer store = server();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    FakeHub() throws IOException {
        hub.createContext("/", this::answerAtHub);
        store.createContext("/", exchange -> {
            record(false, exchange);
            send(exchange, nameOf(exchange));
        });
        for (HttpServer server : List.of(hub, store)) {
            server.setExecutor(threads);
            server.start();
        }
        files.put("config.json", "{\"model_type\":\"bert\"}".getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer.json", "{\"version\":\"1.0\"}".getBytes(StandardCharsets.UTF_8));
        files.put("model.safetensors", weights("embeddings.weight"));
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    long requestsFor(String suffix) {
        return requests.stream()
                .filter(request -> request.path().endsWith(suffix))
                .count();
    }

    static byte[] weights(String name) throws IOException {
        Path file = Files.createTempFile("weights", ".safetensors");
        try {
            float[] values = new float[50_000];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            Safetensors.write(file, new ArrayWeights().with(name, new long[] {500, 100}, values));
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private void record(boolean atHub, HttpExchange exchange) {
        requests.add(new Request(
                atHub,
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Range")));
    }

    private void answerAtHub(HttpExchange exchange) throws IOException {
        record(true, exchange);
        String path = exchange.getRequestURI().getPath();
        for (Map.Entry<String, Integer> status : statuses.entrySet()) {
            if (path.endsWith(status.getKey())) {
                exchange.sendResponseHeaders(status.getValue(), -1);
                exchange.close();
                return;
            }
        }
        if (path.startsWith("/api/models/owner/name/revision/")) {
            byte[] listing = listing().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, listing.length);
            exchange.getResponseBody().write(listing);
            exchange.close();
            return;
        }
        String name = nameOf(exchange);
        if (!path.startsWith("/owner/name/resolve/" + COMMIT + "/") || !files.containsKey(name)) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        } else if (name.endsWith(".safetensors")) {
            String sha256 = Checksums.sha256(content(name));
            exchange.getResponseHeaders().add("X-Linked-Etag", '"' + checksums.getOrDefault(name, sha256) + '"');
            exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(content(name).length));
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + store.getAddress().getPort() + "/" + name);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        } else {
            exchange.getResponseHeaders().add("ETag", '"' + checksums.getOrDefault(name, gitBlob(name)) + '"');
            send(exchange, name);
        }
    }

    private void send(HttpExchange exchange, String name) throws IOException {
        byte[] content = content(name);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (start > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
        Integer brokenAfter = breaks.remove(name);
        int length = brokenAfter == null ? content.length - start : brokenAfter;
        exchange.getResponseBody().write(content, start, length);
        exchange.getResponseBody().flush();
        if (!stalls.remove(name)) {
            exchange.close(); // breaks the connection if bytes are missing
        }
    }

    private String listing() {
        StringBuilder siblings = new StringBuilder();
        for (String name : files.keySet()) {
            siblings.append(siblings.isEmpty() ? "" : ",")
                    .append("{\"rfilename\":\"")
                    .append(name.replace("\\", "\\\\"))
                    .append("\"}");
        }
        return "{\"id\":\"owner/name\",\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}";
    }

    /** A file of the model. */
    byte[] content(String name) {
        byte[] content = files.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name);
        }
        return content;
    }

    private String gitBlob(String name) throws IOException {
        Path file = Files.createTempFile("blob", "");
        try {
            return Checksums.gitBlob(Files.write(file, content(name)));
        } finally {
            Files.delete(file);
        }
    }

    private static String nameOf(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
