package dev.parlance.server.http;

import org.jspecify.annotations.Nullable;

/**
 * Which version of a model answers, from the start.
 *
 * @param model its name
 * @param defaultVersion the one that answers
 * @param canary a version that gets a share of the requests instead, or null
 * @param canaryPercent that share, 0 to 100
 * @param shadow a version that gets a copy of each request, whose answers are only measured, or null
 */
public record TrafficOptions(
        String model,
        String defaultVersion,
        @Nullable String canary,
        double canaryPercent,
        @Nullable String shadow) {
    public TrafficOptions {
        Ranges.check("traffic: canary_percent of " + model, canaryPercent, 0, 100);
    }

    /** What an entry has if nothing is said. */
    static TrafficOptions template() {
        return new TrafficOptions("unnamed", "1", null, 0, null);
    }
}
