package dev.parlance.train.profile;

import dev.parlance.config.Json;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was timed, to be summed up and written. */
public final class Recording {
    private final Lane loop;
    private final List<Lane> workers;
    private final int threads;
    private final List<Profiler.StepTime> before;
    private final List<Profiler.StepTime> steps;
    private final EventLimit limit;

    Recording(
            Lane loop,
            List<Lane> workers,
            int threads,
            List<Profiler.StepTime> before,
            List<Profiler.StepTime> steps,
            EventLimit limit) {
        this.loop = loop;
        this.workers =
                workers.stream().sorted(Comparator.comparing(Lane::thread)).toList();
        this.threads = threads;
        this.before = before;
        this.steps = steps;
        this.limit = limit;
    }

    /** GFLOP/s of large products, and the precision that they were made in. */
    public record GemmPeak(double gflops, String precision) {}

    /**
     * Writes {@value Profile#TRACE} and {@value Profile#TABLE}, replacing those of an earlier run.
     *
     * @param directory made if it is missing
     * @param precision {@code fp32} or {@code bf16}
     * @param peak what all threads together reach in products of large matrices
     */
    public Profile save(Path directory, String precision, GemmPeak peak) throws IOException {
        Profile profile = profile(directory, precision, peak);
        List<Lane> lanes = new ArrayList<>(List.of(loop));
        lanes.addAll(workers);
        TraceFile.write(profile.trace(), lanes, profile.droppedEvents());
        byte[] table = Json.pretty(profile.toJson()).getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(profile.table(), channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(table);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
        return profile;
    }

    private Profile profile(Path directory, String precision, GemmPeak peak) {
        Map<Work, Work.Total> work = work();
        Rates rates = new Rates(threads, time(loop.outermost()), peak.gflops());
        double flops = work.values().stream().mapToDouble(Work.Total::flops).sum();
        return new Profile(
                directory,
                precision,
                threads,
                steps.get(0).step(),
                times(steps),
                before.isEmpty() ? null : times(before),
                peak.gflops(),
                peak.precision(),
                flops / rates.stepNanos(),
                categories(work, rates),
                work.entrySet().stream()
                        .sorted(Comparator.comparingLong(
                                entry -> -entry.getValue().nanos()))
                        .map(entry -> operation(entry.getKey(), entry.getValue(), rates))
                        .toList(),
                limit.kept(),
                limit.dropped());
    }

    /**
     * The time of all threads over all steps. While a section lasts, a thread that has no span open waits; while none lasts, all
     * of them do, for the thread of the loop.
     */
    private Map<Work, Work.Total> work() {
        Map<Work, Work.Total> sum = new LinkedHashMap<>();
        for (Lane lane : workers) {
            lane.totals().forEach((work, total) -> sum.computeIfAbsent(work, w -> new Work.Total())
                    .add(total));
        }
        loop.sections().forEach((phase, nanos) -> {
            long busy = workers.stream()
                    .mapToLong(lane -> lane.outermost().getOrDefault(phase, 0L))
                    .sum();
            put(sum, new Work(Work.WAITING, phase), threads * nanos - busy);
        });
        put(sum, new Work(Work.ALONE, Phase.STEP), threads * (time(loop.outermost()) - time(loop.sections())));
        return sum;
    }

    private void put(Map<Work, Work.Total> sum, Work work, long nanos) {
        Work.Total total = new Work.Total();
        total.add(steps.size(), nanos, 0);
        sum.put(work, total);
    }

    private static long time(Map<Phase, Long> nanos) {
        return nanos.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Profile.Steps times(List<Profiler.StepTime> steps) {
        double seconds = steps.stream().mapToDouble(Profiler.StepTime::seconds).sum();
        long tokens = steps.stream().mapToLong(Profiler.StepTime::tokens).sum();
        return new Profile.Steps(steps.size(), seconds * 1e3 / steps.size(), tokens / Math.max(seconds, 1e-9));
    }

    private List<Profile.Part> categories(Map<Work, Work.Total> work, Rates rates) {
        Map<Category, Work.Total> sum = new EnumMap<>(Category.class);
        work.forEach((key, total) ->
                sum.computeIfAbsent(Category.of(key), c -> new Work.Total()).add(total));
        return sum.entrySet().stream()
                .map(entry -> new Profile.Part(
                        entry.getKey().label(),
                        entry.getValue().nanos() / 1e6 / threads / steps.size(),
                        rates.share(entry.getValue()),
                        rates.gflops(entry.getValue()),
                        rates.shareOfPeak(entry.getValue())))
                .toList();
    }

    private static Profile.Operation operation(Work work, Work.Total total, Rates rates) {
        return new Profile.Operation(
                work.operation(),
                work.phase().label(),
                total.calls(),
                total.nanos() / 1e6,
                total.nanos() / 1e3 / Math.max(1, total.calls()),
                rates.share(total),
                rates.gflops(total),
                rates.shareOfPeak(total));
    }

    /**
     * Sets work in relation to the time of the steps and to the peak.
     *
     * @param stepNanos of all steps
     */
    private record Rates(int threads, long stepNanos, double peak) {
        double share(Work.Total total) {
            return total.nanos() / ((double) threads * stepNanos);
        }

        @Nullable
        Double gflops(Work.Total total) {
            return total.flops() == 0 ? null : total.flops() * threads / total.nanos();
        }

        @Nullable
        Double shareOfPeak(Work.Total total) {
            Double gflops = gflops(total);
            return gflops == null ? null : gflops / peak;
        }
    }
}
