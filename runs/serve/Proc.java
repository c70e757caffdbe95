import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Memory and processor time of a process, from {@code /proc}. */
final class Proc {
    /** Clock ticks a second, in which the kernel counts processor time; 100 on every Linux for x86-64 and arm64. */
    private static final double TICKS = 100;

    private final Path directory;

    private Proc(Path directory) {
        this.directory = directory;
    }

    static Proc of(long pid) {
        return new Proc(Path.of("/proc", Long.toString(pid)));
    }

    static Proc self() {
        return new Proc(Path.of("/proc/self"));
    }

    boolean alive() {
        return Files.exists(directory);
    }

    /** Resident memory in MB, or NaN if the process is gone. */
    double residentMb() {
        try {
            for (String line : Files.readAllLines(directory.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }

    /** User and system time since the process began, or NaN if it is gone. */
    double cpuSeconds() {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // field 3, the state, comes first
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Takes a sample each second until closed. */
    Sampler sample(LongSupplier progress) {
        return new Sampler(this, progress);
    }

    /**
     * A sample.
     *
     * @param seconds since sampling began
     * @param progress how much was done by then
     */
    record Sample(double seconds, long progress, double residentMb) {}

    /** Watches a process from a thread of its own. */
    static final class Sampler implements AutoCloseable {
        private final List<Sample> samples = new ArrayList<>();
        private final Thread thread;

        private Sampler(Proc process, LongSupplier progress) {
            long start = System.nanoTime();
            thread = new Thread(() -> {
                try {
                    while (true) {
                        double seconds = (System.nanoTime() - start) / 1e9;
                        synchronized (samples) {
                            samples.add(new Sample(seconds, progress.getAsLong(), process.residentMb()));
                        }
                        Thread.sleep(1000);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        List<Sample> samples() {
            synchronized (samples) {
                return List.copyOf(samples);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    /** How much y grows when x grows by one: the line that fits best by least squares. */
    static double slope(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < x.length; i++) {
            covariance += (x[i] - meanX) * (y[i] - meanY);
            variance += (x[i] - meanX) * (x[i] - meanX);
        }
        return variance == 0 ? 0 : covariance / variance;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / Math.max(1, values.length);
    }
}
