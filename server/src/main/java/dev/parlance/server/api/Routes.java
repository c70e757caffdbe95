package dev.parlance.server.api;

import dev.parlance.server.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** All routes of the server. */
public final class Routes {
    private static final int SLOW_THREADS = 8;

    private Routes() {}

    /**
     * The routes over an engine. Where several fit a request, the first of its method is meant: a model's name may hold slashes,
     * and so look like what comes after it.
     */
    public static List<Route> of(Engine engine) {
        return of(new EngineBackend(engine));
    }

    static List<Route> of(Backend backend) {
        Serving serving = new Serving(backend);
        ExecutorService slow = slowThreads();
        String version = version();
        List<Route> routes = new ArrayList<>();
        routes.addAll(new TextEmbeddingsRoutes(serving).all());
        routes.addAll(new TokenRoutes(serving, version).all());
        routes.addAll(new OpenAiRoutes(serving).all());
        routes.addAll(new KServeRoutes(serving, version).all());
        routes.addAll(new HuggingFaceRoutes(serving).all());
        routes.addAll(new PageRoutes(backend, slow).all());
        routes.addAll(new AdminRoutes(backend, slow).all());
        List<Route> documented = List.copyOf(routes);
        routes.addAll(new DocsRoutes(() -> ApiJson.bytes(OpenApi.of(documented, version)), slow).all());
        return List.copyOf(routes);
    }

    /** Threads for loading models and reading files; none stays when there is nothing to do. */
    private static ExecutorService slowThreads() {
        return new ThreadPoolExecutor(0, SLOW_THREADS, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "parlance-slow");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static String version() {
        String version = Routes.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
