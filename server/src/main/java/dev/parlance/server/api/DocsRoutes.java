package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.PARLANCE;

import dev.parlance.server.api.Route.Access;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document, and Swagger UI over it. The files are few and read once. */
final class DocsRoutes {
    private static final String POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final Map<String, String> TYPES = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");

    /** Swagger UI styles its elements and draws its icons from data; nothing comes from elsewhere. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Supplier<byte[]> generator;
    private final Executor slow;
    private final AtomicReference<@Nullable CompletableFuture<byte[]>> document = new AtomicReference<>();
    private final Reply page;
    private final Map<String, Reply> files = new HashMap<>();

    /**
     * The routes of a document.
     *
     * @param generator makes the document, in JSON; called when it is first asked for
     * @param slow runs the generator
     */
    DocsRoutes(Supplier<byte[]> generator, Executor slow) {
        this.generator = generator;
        this.slow = slow;
        String webjar = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
        Map<String, String> cached = Map.of("Cache-Control", "public, max-age=86400");
        TYPES.forEach((name, type) -> files.put(name, new Reply(200, type, resource(webjar + name), cached)));
        files.put("start.js", new Reply(200, "text/javascript; charset=utf-8", resource("docs-start.js"), cached));
        page = new Reply(
                200, "text/html; charset=utf-8", resource("docs.html"), Map.of("Content-Security-Policy", POLICY));
    }

    /** The routes that are no part of the document themselves. */
    List<Route> all() {
        return List.of(
                new Route("GET", "/openapi.json", Access.PUBLIC, Work.handler(PARLANCE, call -> document())),
                new Route("GET", "/docs", Access.PUBLIC, Work.now(PARLANCE, call -> page)),
                new Route(
                        "GET",
                        "/docs/{file}",
                        Access.PUBLIC,
                        Work.now(PARLANCE, call -> file(call.parameter("file")))));
    }

    private CompletableFuture<Reply> document() {
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> first = document.compareAndExchange(null, mine);
        if (first == null) {
            start(mine);
        }
        // No link from a reply to the document: who gives up does so for itself alone.
        return (first == null ? mine : first).thenApply(json -> new Reply(200, Reply.JSON, json, Map.of()));
    }

    private void start(CompletableFuture<byte[]> made) {
        try {
            slow.execute(() -> complete(made));
        } catch (RejectedExecutionException e) {
            document.set(null); // the next one may have more luck
            made.completeExceptionally(e);
        }
    }

    private void complete(CompletableFuture<byte[]> made) {
        try {
            made.complete(generator.get());
        } catch (RuntimeException e) {
            made.completeExceptionally(e);
        }
    }

    private Reply file(String name) {
        Reply reply = files.get(name);
        if (reply == null) {
            throw new Refusal(Kind.NOT_FOUND, "there is no such file");
        }
        return reply;
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = DocsRoutes.class.getResourceAsStream(POM)) {
            if (in == null) {
                throw new IllegalStateException("the webjar of Swagger UI is not on the class path");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] resource(String name) {
        try (InputStream in = DocsRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
