package dev.parlance.server.engine;

import dev.parlance.predict.Pipeline;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions of models that are being served. Changes take effect at once for new requests; a version that is replaced or
 * unloaded still answers the requests that it has accepted. Safe for concurrent use.
 */
public final class Models {
    private static final int NAMED = 10;

    private final ModelLoader loader;
    private final Object change = new Object();
    /** By name, in the order of first loading; replaced as a whole, under {@code change}. */
    private volatile Map<String, Versions> models = Map.of();
    /** Names that the server was started with and that have not been loaded yet; replaced as a whole, under {@code change}. */
    private volatile Set<String> expected = Set.of();

    private boolean closed; // guarded by change

    Models(ModelLoader loader) {
        this.loader = loader;
    }

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

    /** Says what the server is started with: {@link #ready} is false until each of these names has been loaded. */
    public void expect(Collection<String> names) {
        synchronized (change) {
            Set<String> missing = new LinkedHashSet<>(names);
            missing.removeAll(models.keySet());
            expected = Set.copyOf(missing);
        }
    }

    /**
     * Loads, warms up and then serves a version; replaces the version of that name without losing a request. The first
     * version of a model becomes its default. Works on the caller's thread; if it fails, what was there stays.
     *
     * @throws dev.parlance.config.UserError if the directory is no model that can be served
     * @throws Refusal if the server is shutting down
     */
    public ModelInfo load(ModelSpec spec) {
        return serve(loader.load(spec));
    }

    /** Serves a pipeline that is open, which it then owns. */
    ModelInfo serve(ModelInfo info, Pipeline pipeline, double overheadTokens) {
        return serve(loader.serve(info, pipeline, overheadTokens));
    }

    private ModelInfo serve(ServedModel model) {
        String name = model.info().name();
        ServedModel old = null;
        synchronized (change) {
            if (closed) {
                model.lease().release();
                throw Stations.shuttingDown();
            }
            Versions before = models.get(name);
            if (before != null) {
                old = before.find(model.info().version());
            }
            if (old != null) {
                old.gauges().hide();
            }
            model.gauges().show(model);
            replace(name, before == null ? Versions.first(model) : before.with(model));
            Set<String> missing = new LinkedHashSet<>(expected);
            missing.remove(name);
            expected = Set.copyOf(missing);
        }
        if (old != null) {
            old.lease().release(); // closes it once the last of its requests is answered
        }
        return model.info();
    }

    /**
     * Stops serving a version, or all versions of a model if it is null; returns once no request uses it.
     *
     * @throws Refusal if there is none, or it is the default one and there are others
     */
    public void unload(String name, @Nullable String version) {
        List<ServedModel> gone;
        synchronized (change) {
            Versions before = require(name);
            if (version == null || (before.all().size() == 1 && before.find(version) != null)) {
                gone = before.all();
                replace(name, null);
            } else {
                gone = List.of(before.get(version));
                replace(name, before.without(version));
            }
            gone.forEach(model -> model.gauges().hide());
        }
        gone.forEach(model -> model.lease().release());
        gone.forEach(model -> model.lease().freed().join());
    }

    /**
     * Says which versions answer.
     *
     * @throws Refusal if a version is not loaded or the share is out of its range
     */
    public void route(String name, Traffic traffic) {
        synchronized (change) {
            replace(name, require(name).with(traffic));
        }
    }

    /** Who answers for a model; fails if there is no such model. */
    public Traffic traffic(String name) {
        return require(name).traffic();
    }

    /** All versions, by name and version; the name of the model that answers when a client names none comes first. */
    public List<ModelInfo> list() {
        return served().stream().map(ServedModel::info).toList();
    }

    List<ServedModel> served() {
        return models.values().stream()
                .flatMap(versions -> versions.all().stream())
                .toList();
    }

    /**
     * The version of that name, or the default one.
     *
     * @throws Refusal if there is none
     */
    public ModelInfo get(String name, @Nullable String version) {
        return require(name).get(version).info();
    }

    /** Whether every model that the server was started with is ready. */
    public boolean ready() {
        return expected.isEmpty();
    }

    /**
     * The version that answers a request, held for the caller, who releases it.
     *
     * @param version as the request names it, or null
     * @throws Refusal if there is none
     */
    ServedModel acquire(String name, @Nullable String version) {
        while (true) {
            Versions versions = require(name);
            ServedModel model = version == null ? versions.next() : versions.get(version);
            if (model.lease().tryRetain()) {
                return model;
            } // else it was replaced in this moment, and the next look finds its successor
        }
    }

    /** The shadow version of a model, held for the caller; null if there is none. */
    @Nullable
    ServedModel acquireShadow(String name) {
        Versions versions = models.get(name);
        ServedModel shadow = versions == null ? null : versions.shadow();
        return shadow != null && shadow.lease().tryRetain() ? shadow : null;
    }

    /** Stops serving all; returns once no request uses any. */
    void close() {
        List<ServedModel> gone;
        synchronized (change) {
            closed = true;
            gone = served();
            models = Map.of();
            gone.forEach(model -> model.gauges().hide());
        }
        gone.forEach(model -> model.lease().release());
        gone.forEach(model -> model.lease().freed().join());
    }

    private void replace(String name, @Nullable Versions versions) {
        Map<String, Versions> changed = new LinkedHashMap<>(models);
        if (versions == null) {
            changed.remove(name);
        } else {
            changed.put(name, versions);
        }
        models = Collections.unmodifiableMap(changed);
    }

    private Versions require(String name) {
        Versions versions = models.get(name);
        if (versions == null) {
            List<String> known = models.keySet().stream().limit(NAMED).toList();
            throw new Refusal(
                    Kind.NOT_FOUND,
                    known.isEmpty()
                            ? "no model is loaded"
                            : "there is no model of that name, expected one of " + String.join(", ", known));
        }
        return versions;
    }
}
