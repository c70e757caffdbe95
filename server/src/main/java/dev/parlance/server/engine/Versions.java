package dev.parlance.server.engine;

import dev.parlance.server.engine.Models.Traffic;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The versions of one model at a moment, and which of them answers. Immutable but for the count that spreads requests. */
final class Versions {
    private final String name;
    private final Map<String, ServedModel> all;
    private final Traffic traffic;
    private final AtomicLong asked;

    private Versions(String name, Map<String, ServedModel> all, Traffic traffic, AtomicLong asked) {
        this.name = name;
        this.all = Collections.unmodifiableMap(new TreeMap<>(all));
        this.traffic = traffic;
        this.asked = asked;
    }

    /** A model with its first version, which is the default one. */
    static Versions first(ServedModel model) {
        String version = model.info().version();
        Traffic traffic = new Traffic(version, null, 0, null);
        return new Versions(model.info().name(), Map.of(version, model), traffic, new AtomicLong());
    }

    /** With a version more, or in place of that of its name. */
    Versions with(ServedModel model) {
        Map<String, ServedModel> more = new TreeMap<>(all);
        more.put(model.info().version(), model);
        return new Versions(name, more, traffic, asked);
    }

    /**
     * With a version less, which then is neither canary nor shadow.
     *
     * @throws Refusal if there is none of that name, or it is the default one
     */
    Versions without(String version) {
        require(version);
        if (version.equals(traffic.defaultVersion())) {
            throw new Refusal(
                    Kind.VALIDATION,
                    "version " + version + " of " + name + " is the default one; make another version that first");
        }
        Map<String, ServedModel> less = new TreeMap<>(all);
        less.remove(version);
        boolean wasCanary = version.equals(traffic.canary());
        Traffic rest = new Traffic(
                traffic.defaultVersion(),
                wasCanary ? null : traffic.canary(),
                wasCanary ? 0 : traffic.canaryPercent(),
                version.equals(traffic.shadow()) ? null : traffic.shadow());
        return new Versions(name, less, rest, asked);
    }

    /**
     * With other traffic.
     *
     * @throws Refusal if a version is not there, or one has two parts, or the share is out of its range
     */
    Versions with(Traffic other) {
        require(other.defaultVersion());
        requireBeside(other.canary(), other.defaultVersion());
        requireBeside(other.shadow(), other.defaultVersion());
        if (!(other.canaryPercent() >= 0 && other.canaryPercent() <= 100)) {
            throw new Refusal(
                    Kind.VALIDATION, "the canary's share is " + other.canaryPercent() + " percent, expected 0 to 100");
        }
        if (other.canary() == null && other.canaryPercent() > 0) {
            throw new Refusal(Kind.VALIDATION, "there is a share for a canary, but no version is named as one");
        }
        return new Versions(name, all, other, new AtomicLong());
    }

    /** All versions, by name. */
    List<ServedModel> all() {
        return List.copyOf(all.values());
    }

    Traffic traffic() {
        return traffic;
    }

    /** The version of that name, or null. */
    @Nullable
    ServedModel find(String version) {
        return all.get(version);
    }

    /**
     * The version of that name, or the default one.
     *
     * @throws Refusal if there is none
     */
    ServedModel get(@Nullable String version) {
        return require(version == null ? traffic.defaultVersion() : version);
    }

    /** The version that answers the next request that names none: each time the canary's share makes up a whole one, it. */
    ServedModel next() {
        String canary = traffic.canary();
        if (canary == null) {
            return require(traffic.defaultVersion());
        }
        long before = asked.getAndIncrement();
        double share = traffic.canaryPercent() / 100;
        boolean due = Math.floor((before + 1) * share) > Math.floor(before * share);
        return require(due ? canary : traffic.defaultVersion());
    }

    /** The version that gets copies, or null. */
    @Nullable
    ServedModel shadow() {
        String version = traffic.shadow();
        return version == null ? null : all.get(version);
    }

    private void requireBeside(@Nullable String version, String defaultVersion) {
        if (version == null) {
            return;
        }
        require(version);
        if (version.equals(defaultVersion)) {
            throw new Refusal(
                    Kind.VALIDATION, "version " + version + " is the default one, expected another one beside it");
        }
    }

    private ServedModel require(String version) {
        ServedModel model = all.get(version);
        if (model == null) {
            throw new Refusal(
                    Kind.NOT_FOUND,
                    "the model " + name + " has no such version, expected one of " + String.join(", ", all.keySet()));
        }
        return model;
    }
}
