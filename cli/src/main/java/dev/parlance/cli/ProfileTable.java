package dev.parlance.cli;

import dev.parlance.train.profile.Profile;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the time of the profiled steps went, for a terminal. */
final class ProfileTable {
    private static final int MOST_OPERATIONS = 25;

    private ProfileTable() {}

    static void print(PrintStream out, Profile profile) {
        out.println(summary(profile));
        out.println();
        Table.print(out, categories(profile));
        out.println();
        Table.print(out, operations(profile));
        int more = profile.operations().size() - MOST_OPERATIONS;
        if (more > 0) {
            out.println("and " + more + " more, in " + profile.table());
        }
        if (profile.droppedEvents() > 0) {
            out.println(format(
                    "The trace ends after %,d events, %,d are left out: raise training.profile_max_events",
                    profile.events(), profile.droppedEvents()));
        }
        out.println("Open " + profile.trace() + " in chrome://tracing or ui.perfetto.dev");
    }

    private static String summary(Profile profile) {
        Profile.Steps steps = profile.steps();
        Profile.Steps before = profile.before();
        String unprofiled = before == null
                ? ""
                : format(
                        "; %d steps right before, not profiled: %,.1f ms, %,.0f tokens/s",
                        before.count(), before.meanMillis(), before.tokensPerSecond());
        return format(
                        "Where a training step goes: steps %,d to %,d, %d threads, %s%n",
                        profile.firstStep(),
                        profile.firstStep() + steps.count() - 1,
                        profile.threads(),
                        profile.precision())
                + format("%,.1f ms a step, %,.0f tokens/s", steps.meanMillis(), steps.tokensPerSecond())
                + unprofiled
                + format(
                        "%n%,.0f GFLOP/s of products over the whole step = %.0f %% of the GEMM peak of %,.0f GFLOP/s in %s",
                        profile.gflops(),
                        100 * profile.gflops() / profile.gemmPeakGflops(),
                        profile.gemmPeakGflops(),
                        profile.gemmPeakPrecision());
    }

    private static List<List<String>> categories(Profile profile) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("WORK", "MS/STEP", "SHARE", "GFLOP/S", "OF PEAK")));
        profile.categories()
                .forEach(part -> rows.add(List.of(
                        part.name(),
                        format("%,.2f", part.millisPerStep()),
                        percent(part.share()),
                        gflops(part.gflops()),
                        percent(part.shareOfPeak()))));
        return rows;
    }

    private static List<List<String>> operations(Profile profile) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("OPERATION", "PHASE", "CALLS", "TOTAL MS", "MEAN US", "SHARE", "GFLOP/S", "OF PEAK"));
        profile.operations().stream()
                .limit(MOST_OPERATIONS)
                .forEach(operation -> rows.add(List.of(
                        operation.name(),
                        operation.phase(),
                        format("%,d", operation.calls()),
                        format("%,.1f", operation.totalMillis()),
                        format("%,.1f", operation.meanMicros()),
                        percent(operation.share()),
                        gflops(operation.gflops()),
                        percent(operation.shareOfPeak()))));
        return rows;
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "" : format("%.1f %%", 100 * share);
    }

    private static String gflops(@Nullable Double value) {
        return value == null ? "" : format("%,.1f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
