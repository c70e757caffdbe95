package dev.parlance.train.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of some training steps went. Times are those of all training threads together: {@code threads} times the time
 * of the steps is what {@link #operations} and {@link #categories} each add up to.
 *
 * @param directory where {@value #TRACE} and {@value #TABLE} are
 * @param precision {@code fp32} or {@code bf16}
 * @param threads that train
 * @param firstStep number of the first of the steps
 * @param steps the profiled ones
 * @param before the steps right before them, which were not profiled; null if there were none
 * @param gemmPeakGflops what all threads together reach in products of large matrices, measured right after these steps
 * @param gemmPeakPrecision of that product: {@code fp32} also where the processor does not multiply bfloat16 itself
 * @param gflops what the products of the steps come to, padding included, over their time
 * @param categories what the time went into, by kind of work
 * @param operations what the time went into, by operation and part of the step, the longest first
 * @param events in the trace
 * @param droppedEvents left out of the trace, but not of the table, since it was full
 */
public record Profile(
        Path directory,
        String precision,
        int threads,
        long firstStep,
        Steps steps,
        @Nullable Steps before,
        double gemmPeakGflops,
        String gemmPeakPrecision,
        double gflops,
        List<Part> categories,
        List<Operation> operations,
        long events,
        long droppedEvents) {
    /** File of the trace, in Chrome's Trace Event Format. */
    public static final String TRACE = "trace.json";

    /** File of this record. */
    public static final String TABLE = "profile.json";

    public Profile {
        categories = List.copyOf(categories);
        operations = List.copyOf(operations);
    }

    /**
     * How fast steps were.
     *
     * @param count of them
     * @param meanMillis of one
     * @param tokensPerSecond real tokens, padding not counted
     */
    public record Steps(int count, double meanMillis, double tokensPerSecond) {}

    /**
     * A kind of work.
     *
     * @param name of a {@link Category}
     * @param millisPerStep of each thread, on average
     * @param share of the time of the steps
     * @param gflops of all threads together while they are at it; null if it is no product
     * @param shareOfPeak of {@code gemmPeakGflops}; null if it is no product
     */
    public record Part(
            String name,
            double millisPerStep,
            double share,
            @Nullable Double gflops,
            @Nullable Double shareOfPeak) {}

    /**
     * An operation in a part of the step.
     *
     * @param name of a tensor operation, or what else a thread does in parentheses
     * @param phase the part of the step
     * @param calls by all threads in all steps
     * @param totalMillis of all calls
     * @param meanMicros of a call
     * @param share of the time of the steps
     * @param gflops as in {@link Part}
     * @param shareOfPeak as in {@link Part}
     */
    public record Operation(
            String name,
            String phase,
            long calls,
            double totalMillis,
            double meanMicros,
            double share,
            @Nullable Double gflops,
            @Nullable Double shareOfPeak) {}

    /** The file of the trace. */
    public Path trace() {
        return directory.resolve(TRACE);
    }

    /** The file of this record. */
    public Path table() {
        return directory.resolve(TABLE);
    }

    /** All but the directory. */
    public ObjectNode toJson() {
        ObjectNode json = Json.tree(this);
        json.remove(List.of("directory"));
        return json;
    }
}
