package dev.parlance.server.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions of models that are being served. Changes take effect at once for new requests; a version that is replaced or
 * unloaded still answers the requests that it has accepted. Safe for concurrent use.
 */
public final class Models {
    /**
     * Which version answers when a client names none.
     *
     * @param defaultVersion the one that answers
     * @param canary a version that gets a share of the requests instead, or null
     * @param canaryPercent that share, 0 to 100
     * @param shadow a version that gets a copy of each request, whose answers are only measured, or null
     */
    public record Traffic(
            String defaultVersion,
            @Nullable String canary,
            double canaryPercent,
            @Nullable String shadow) {}

    /**
     * Loads, warms up and then serves a version; replaces the version of that name without losing a request. The first
     * version of a model becomes its default.
     *
     * @throws dev.parlance.config.UserError if the directory is no model that can be served
     */
    public ModelInfo load(ModelSpec spec) {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops serving a version, or all versions of a model if it is null; returns once no request uses it.
     *
     * @throws Refusal if there is none, or it is the default one and there are others
     */
    public void unload(String name, @Nullable String version) {
        throw new UnsupportedOperationException();
    }

    /**
     * Says which versions answer.
     *
     * @throws Refusal if a version is not loaded or the share is out of its range
     */
    public void route(String name, Traffic traffic) {
        throw new UnsupportedOperationException();
    }

    /** Who answers for a model; fails if there is no such model. */
    public Traffic traffic(String name) {
        throw new UnsupportedOperationException();
    }

    /** All versions, by name and version; the name of the model that answers when a client names none comes first. */
    public List<ModelInfo> list() {
        throw new UnsupportedOperationException();
    }

    /**
     * The version of that name, or the default one.
     *
     * @throws Refusal if there is none
     */
    public ModelInfo get(String name, @Nullable String version) {
        throw new UnsupportedOperationException();
    }

    /** Whether every model that the server was started with is ready. */
    public boolean ready() {
        throw new UnsupportedOperationException();
    }
}
