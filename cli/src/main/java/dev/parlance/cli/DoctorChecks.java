package dev.parlance.cli;

import dev.parlance.bundle.Provenance;
import dev.parlance.cli.DoctorCheck.Finding;
import dev.parlance.cli.DoctorCheck.Status;
import dev.parlance.config.CacheDirectory;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.Pipeline;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.tensor.TorchInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What doctor looks at, cheapest first. */
final class DoctorChecks {
    private static final int OLDEST_JAVA = 17;
    private static final long LOW_MEMORY = 4L << 30;
    private static final long LOW_SPACE = 2L << 30;
    private static final double SLOW_GFLOPS_PER_THREAD = 10;
    private static final int MATRIX = 1024;
    private static final double MATRIX_FLOPS = 2.0 * MATRIX * MATRIX * MATRIX;
    private static final double BEST_OF_SECONDS = 0.5;

    static final List<DoctorCheck> ALL = List.of(
            new DoctorCheck("java", DoctorChecks::java),
            new DoctorCheck("machine", DoctorChecks::machine),
            new DoctorCheck("memory", DoctorChecks::memory),
            new DoctorCheck("cache", DoctorChecks::cache),
            new DoctorCheck("onnx runtime", DoctorChecks::onnxRuntime),
            new DoctorCheck("libtorch", DoctorChecks::libtorch),
            new DoctorCheck("speed", DoctorChecks::speed),
            new DoctorCheck("natives", DoctorChecks::natives));

    private DoctorChecks() {}

    private static List<Finding> java() {
        String text =
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
        return Runtime.version().feature() >= OLDEST_JAVA
                ? ok("java", text)
                : fail("java", text + "; expected " + OLDEST_JAVA + " or later");
    }

    private static List<Finding> machine() {
        Provenance.Machine machine = Provenance.Machine.detect(0);
        return List.of(
                new Finding(Status.OK, "system", machine.os()),
                new Finding(
                        machine.processors() > 1 ? Status.OK : Status.WARN,
                        "processor",
                        machine.cpu() + ", " + machine.processors() + " for this process"
                                + (machine.processors() > 1 ? "" : "; training will be slow")));
    }

    private static List<Finding> memory() throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        Optional<Long> free = availableMemory();
        String text = "heap up to " + ProgressLine.bytes(heap)
                + free.map(bytes -> ", " + ProgressLine.bytes(bytes) + " free on this machine")
                        .orElse("");
        return free.isPresent() && free.get() < LOW_MEMORY
                ? warn("memory", text + "; training wants " + ProgressLine.bytes(LOW_MEMORY))
                : ok("memory", text);
    }

    private static List<Finding> cache() throws IOException {
        Path cache = CacheDirectory.path();
        Files.createDirectories(cache);
        Path probe = Files.createTempFile(cache, "doctor", ".tmp"); // fails where it may not write
        Files.delete(probe);
        long free = Files.getFileStore(cache).getUsableSpace();
        String text = cache + ", " + ProgressLine.bytes(free) + " free";
        return free < LOW_SPACE
                ? warn("cache", text + "; expected " + ProgressLine.bytes(LOW_SPACE) + ", or move it by PARLANCE_HOME")
                : ok("cache", text);
    }

    private static List<Finding> onnxRuntime() throws IOException {
        try (SelfTestModel model = SelfTestModel.unpack();
                Pipeline pipeline = Pipeline.load(model.directory())) {
            ScoredLabel good = ((Labels) pipeline.predict("all good")).best();
            ScoredLabel bad = ((Labels) pipeline.predict("all bad")).best();
            // By hand: the words' logits are -2, 2 and 2, -2, so that the better label has 1 / (1 + exp(-4)).
            boolean right = good.label().equals("positive")
                    && bad.label().equals("negative")
                    && Math.abs(good.score() - 0.982014) < 1e-5
                    && Math.abs(bad.score() - 0.982014) < 1e-5;
            return right
                    ? ok("onnx runtime", OnnxModel.runtimeVersion() + ", tokenizer and model answer as they should")
                    : fail("onnx runtime", "self-test: expected 0.982014 for both, found " + good + " and " + bad);
        }
    }

    private static List<Finding> libtorch() {
        int threads = Runtime.getRuntime().availableProcessors();
        Torch.initialize(threads, false);
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Tensor x = Tensor.fromFloats(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor weight = Tensor.fromFloats(new float[] {1, 0, 1, 1}, 2, 2);
            float[] found = x.linear(weight, Tensor.fromFloats(new float[] {0.5f, -1}, 2))
                    .relu()
                    .toFloats();
            float[] expected = {1.5f, 2, 3.5f, 6}; // by hand
            return Arrays.equals(found, expected)
                    ? ok(
                            "libtorch",
                            TorchInfo.read().version() + ", " + Torch.threads()
                                    + " threads, a layer answers as it should")
                    : fail(
                            "libtorch",
                            "self-test: expected " + Arrays.toString(expected) + ", found " + Arrays.toString(found));
        }
    }

    private static List<Finding> speed() {
        double single = gigaFlops(Dtype.FLOAT32);
        boolean slow = single < SLOW_GFLOPS_PER_THREAD * Torch.threads();
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                slow ? Status.WARN : Status.OK,
                "fp32",
                String.format(Locale.ROOT, "%.0f GFLOP/s in a product of %d x %d matrices", single, MATRIX, MATRIX)
                        + (slow ? "; little for this many threads: is the machine busy or throttled?" : "")));
        if (TorchInfo.hasBf16()) {
            double half = gigaFlops(Dtype.BFLOAT16);
            findings.add(new Finding(
                    Status.OK,
                    "bf16",
                    String.format(
                            Locale.ROOT,
                            "%.0f GFLOP/s, %.1f times fp32: --precision auto takes it",
                            half,
                            half / single)));
        } else {
            findings.add(new Finding(
                    Status.OK, "bf16", "this processor has no instructions for it: --precision auto takes fp32"));
        }
        return findings;
    }

    /** The best of several products: the machine may do other things meanwhile. */
    private static double gigaFlops(Dtype type) {
        Random random = new Random(1);
        float[] values = new float[MATRIX * MATRIX];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Tensor a = Tensor.fromFloats(values, MATRIX, MATRIX).to(type);
            double best = 0;
            long end = System.nanoTime() + (long) (BEST_OF_SECONDS * 1e9);
            while (System.nanoTime() < end) {
                try (TensorScope product = TensorScope.open()) {
                    long start = System.nanoTime();
                    a.matmul(a);
                    best = Math.max(best, MATRIX_FLOPS / (System.nanoTime() - start));
                }
            }
            return best;
        }
    }

    /** After the engines were loaded: which files they came from. Linux tells it, other systems do not. */
    private static List<Finding> natives() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return ok("natives", "unpacked below " + CacheDirectory.path().resolve("natives"));
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.contains("/"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .filter(path ->
                            path.matches(".*/lib(torch_cpu|onnxruntime|tokenizers|openblas|gomp|iomp5|mkl_rt)[^/]*"))
                    .distinct()
                    .sorted()
                    .map(path -> new Finding(Status.OK, "native", path))
                    .toList();
        }
    }

    private static Optional<Long> availableMemory() throws IOException {
        Path file = Path.of("/proc/meminfo");
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
        }
    }

    private static List<Finding> ok(String what, String detail) {
        return List.of(new Finding(Status.OK, what, detail));
    }

    private static List<Finding> warn(String what, String detail) {
        return List.of(new Finding(Status.WARN, what, detail));
    }

    private static List<Finding> fail(String what, String detail) {
        return List.of(new Finding(Status.FAIL, what, detail));
    }
}
