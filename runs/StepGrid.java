import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.RunConfig;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import dev.parlance.train.tensor.GemmProbe;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.tensor.TorchInfo;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Memory and time of a training step in fp32, for batches of 8 to 128 texts of 32 to 512 tokens each: texts of random words that
 * are one token each, so that nothing is padded. A process for each cell, so that memory can be told apart; each measures the
 * GEMM peak after its steps (the better of one product on all threads and one product on each). The first step warms up; then
 * the median of at least two, for the seconds that are given.
 *
 * <p>Cells that would not fit the free memory, or take too long, are recorded as not measured, with the reason: a batch twice as
 * large is taken to need twice the memory and time, texts twice as long four times.
 *
 * <p>usage, after mvn package: java -cp 'cli/target/lib/*:cli/target/parlance-cli.jar' runs/StepGrid.java OUT.json
 * [seconds per cell: 5] [batch sizes: 8,16,32,64,128] [lengths: 32,64,128,256,512] [minutes in all: 12]
 */
public class StepGrid {
    private static final String MODEL = "minilm";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MOST_SECONDS_PER_CELL = 90;
    private static final double SHARE_OF_FREE_MEMORY = 0.8;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Ends a run: what was to be measured is. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Enough() {
            super("enough steps", null, false, false);
        }
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("--cell")) {
            cell(args);
            System.exit(0);
        }
        grid(args);
        System.exit(0);
    }

    private static String argument(String[] args, int index, String standard) {
        return args.length > index ? args[index] : standard;
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    // --- the grid ---------------------------------------------------------------------------------------------------

    private static void grid(String[] args) throws Exception {
        double seconds = Double.parseDouble(argument(args, 1, "5"));
        int[] batches = numbers(argument(args, 2, "8,16,32,64,128"));
        int[] lengths = numbers(argument(args, 3, "32,64,128,256,512"));
        long end = System.nanoTime() + (long) (Double.parseDouble(argument(args, 4, "12")) * 60e9);
        Path work = Files.createTempDirectory("parlance-grid-");
        ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        work.toString(),
                        "runs/StepGrid.java");
        ObjectNode record = JSON.createObjectNode();
        record.put("command", "runs/StepGrid.java " + String.join(" ", args));
        record.put("model", MODEL).put("precision", "fp32").put("threads", THREADS);
        ArrayNode cells = record.putArray("cells");
        Map<String, JsonNode> done = new TreeMap<>();
        for (int length : lengths) {
            for (int batch : batches) {
                ObjectNode cell = JSON.createObjectNode();
                cell.put("batch_size", batch).put("sequence_length", length);
                String reason = reason(done, batch, length, end);
                if (reason == null) {
                    reason = measure(cell, work, batch, length, seconds, end);
                }
                if (reason == null) {
                    done.put(batch + "x" + length, cell);
                } else {
                    cell.put("not_measured", reason);
                }
                cells.add(cell);
                System.out.println(cell);
                JSON.writerWithDefaultPrettyPrinter().writeValue(new File(args[0]), record);
            }
        }
        record.set("machine", JSON.valueToTree(Provenance.Machine.detect(THREADS)));
        record.put("libtorch", TorchInfo.read().version());
        JSON.writerWithDefaultPrettyPrinter().writeValue(new File(args[0]), record);
        delete(work);
    }

    /** Why a cell is not to be tried, or null. */
    private static String reason(Map<String, JsonNode> done, int batch, int length, long end) throws Exception {
        double left = (end - System.nanoTime()) / 1e9;
        if (left < 10) {
            return "the time for the whole grid is over";
        }
        JsonNode smaller = done.get(batch / 2 + "x" + length);
        double factor = 2;
        if (smaller == null) {
            smaller = done.get(batch + "x" + length / 2);
            factor = 4;
        }
        if (smaller == null) {
            return done.isEmpty() ? null : "the next smaller cells were not measured";
        }
        double needed = megabytes(smaller, done.get(batch / 4 + "x" + length), factor);
        double free = freeMegabytes();
        if (needed > SHARE_OF_FREE_MEMORY * free) {
            return String.format(
                    "would take up to about %.0f MB; %.0f MB are free, of which %.0f %% may be taken",
                    needed, free, 100 * SHARE_OF_FREE_MEMORY);
        }
        double step = factor * smaller.get("ms_per_step").asDouble() / 1e3;
        double most = Math.min(left, MOST_SECONDS_PER_CELL);
        return 1.2 * step > most ? String.format("over %.0f s: a step would take about %.0f s", most, step) : null;
    }

    /** Memory of the next cell: as it grew between the two before it, or, without a second one, all of it by the factor. */
    private static double megabytes(JsonNode smaller, JsonNode smallest, double factor) {
        double peak = smaller.get("peak_resident_mb").asDouble();
        double base = smaller.get("resident_before_mb").asDouble();
        return factor > 2 || smallest == null
                ? base + factor * (peak - base)
                : peak + 2 * (peak - smallest.get("peak_resident_mb").asDouble());
    }

    /** Measures in a process of its own; returns why there is nothing, or null. */
    private static String measure(ObjectNode cell, Path work, int batch, int length, double seconds, long end)
            throws Exception {
        Path result = work.resolve("cell.json");
        Files.deleteIfExists(result);
        double most = Math.min(MOST_SECONDS_PER_CELL, (end - System.nanoTime()) / 1e9);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        work + File.pathSeparator + System.getProperty("java.class.path"),
                        "StepGrid",
                        "--cell",
                        Integer.toString(batch),
                        Integer.toString(length),
                        Double.toString(seconds),
                        Double.toString(most),
                        result.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log.txt").toFile())
                .start();
        try {
            if (!process.waitFor((long) (most * 1000 + 30_000), TimeUnit.MILLISECONDS)) {
                return String.format("over %.0f s", most + 30);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        if (!Files.exists(result)) {
            String log = Files.readString(work.resolve("log.txt")).strip();
            return "its process ended with " + process.exitValue() + ": " + log.substring(Math.max(0, log.length() - 300));
        }
        cell.setAll((ObjectNode) JSON.readTree(result.toFile()));
        return null;
    }

    private static double freeMegabytes() throws Exception {
        long free = ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Long.MAX_VALUE;
        Path meminfo = Path.of("/proc/meminfo");
        if (Files.isReadable(meminfo)) { // counts what the system can drop as free
            for (String line : Files.readAllLines(meminfo)) {
                if (line.startsWith("MemAvailable:")) {
                    free = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        return Math.min(free, groupFree()) / 1e6;
    }

    /** What the control group of this process leaves, where there is one with a limit. */
    private static long groupFree() throws Exception {
        Path max = Path.of("/sys/fs/cgroup/memory.max");
        Path current = Path.of("/sys/fs/cgroup/memory.current");
        if (!Files.isReadable(max) || !Files.isReadable(current)) {
            return Long.MAX_VALUE;
        }
        String limit = Files.readString(max).strip();
        return limit.equals("max")
                ? Long.MAX_VALUE
                : Long.parseLong(limit) - Long.parseLong(Files.readString(current).strip());
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    // --- a cell -----------------------------------------------------------------------------------------------------

    private static void cell(String[] args) throws Exception {
        int batch = Integer.parseInt(args[1]);
        int length = Integer.parseInt(args[2]);
        double seconds = Double.parseDouble(args[3]);
        double most = Double.parseDouble(args[4]);
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        Path base = store.resolve(MODEL);
        Path directory = Files.createTempDirectory("parlance-cell-");
        Meter meter = new Meter(seconds, most);
        try {
            FineTuning.run(config(directory, base, batch, length), store, List.of(), meter, () -> false);
        } catch (Enough e) {
            // what it was for
        }
        ObjectNode result = meter.result();
        double step = result.get("ms_per_step").asDouble() / 1e3;
        double gflops = flops(EncoderConfig.read(base.resolve("config.json")), batch, length) / step / 1e9;
        double peak = peak();
        result.put("tokens_per_second", batch * length / step)
                .put("gflops", gflops)
                .put("gemm_peak_gflops", peak)
                .put("share_of_peak", gflops / peak);
        JSON.writeValue(new File(args[5]), result);
        delete(directory);
    }

    private static RunConfig config(Path directory, Path base, int batch, int length) throws Exception {
        List<String> words = words(base);
        return RunConfig.defaults()
                .with("data.train", texts(directory.resolve("train.csv"), words, 4 * batch, length))
                .with("data.validation", texts(directory.resolve("validation.csv"), words, 4, length))
                .with("data.test_fraction", 0)
                .with("model.model_name_or_path", base.toString())
                .with("model.max_length", length)
                .with("output_dir", directory.resolve("model").toString())
                .with("training.per_device_train_batch_size", batch)
                .with("training.precision", "fp32")
                .with("training.max_steps", 100_000)
                .with("training.eval_strategy", "no")
                .with("training.save_strategy", "no")
                .with("tracking.report_to", "none");
    }

    /** Words that are one token each. */
    private static List<String> words(Path base) throws Exception {
        List<String> words = new ArrayList<>();
        JSON.readTree(base.resolve("tokenizer.json").toFile())
                .at("/model/vocab")
                .fieldNames()
                .forEachRemaining(word -> {
                    if (word.matches("[a-z]{3,}")) {
                        words.add(word);
                    }
                });
        return words;
    }

    /** Random words, two fewer than tokens: the model's own first and last one come to them. */
    private static String texts(Path file, List<String> words, int count, int length) throws Exception {
        Random random = new Random(7);
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < count; i++) {
            for (int word = 0; word < length - 2; word++) {
                csv.append(word == 0 ? "" : " ").append(words.get(random.nextInt(words.size())));
            }
            csv.append(i % 2 == 0 ? ",even\n" : ",odd\n");
        }
        return Files.writeString(file, csv).toString();
    }

    /** Forward and backward, as TrainingThroughput.java counts. */
    private static double flops(EncoderConfig config, int batch, int length) {
        double hidden = config.hiddenSize();
        double perLayer = 4 * hidden * hidden + 2 * hidden * config.intermediateSize();
        double tokens = (double) batch * length;
        return 6 * config.layers() * perLayer * tokens + 12 * config.layers() * hidden * length * tokens;
    }

    private static double peak() throws Exception {
        Torch.initialize(THREADS, false);
        double together = GemmProbe.gflops(false, 500);
        Torch.initialize(1, false);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<Double>> each = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            each.add(pool.submit(() -> GemmProbe.gflops(false, 500)));
        }
        double sum = 0;
        for (Future<Double> future : each) {
            sum += future.get();
        }
        pool.shutdown();
        return Math.max(together, sum);
    }

    /** Times steps and looks at the memory every millisecond or so. */
    private static final class Meter implements TrainingListener {
        private final double seconds;
        private final double most;
        private final List<Double> millis = new ArrayList<>();
        private final Thread watcher = new Thread(this::watch);
        private volatile long peakBytes;
        private long bytesBefore;
        private long begun;
        private long last;

        private Meter(double seconds, double most) {
            this.seconds = seconds;
            this.most = most;
            watcher.setDaemon(true);
        }

        private void watch() {
            try {
                while (true) {
                    peakBytes = Math.max(peakBytes, Torch.residentBytes());
                    Thread.sleep(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onBegin(Plan plan) {
            if (plan.truncated() > 0) {
                throw new IllegalStateException(plan.truncated() + " texts are longer than they should be");
            }
            bytesBefore = Torch.residentBytes();
            watcher.start();
            begun = System.nanoTime();
            last = begun;
        }

        @Override
        public void onStep(Step step) {
            long now = System.nanoTime();
            double elapsed = (now - begun) / 1e9;
            double ofStep = (now - last) / 1e9;
            millis.add(ofStep * 1e3);
            last = now;
            boolean measured = millis.size() >= 3 && elapsed - millis.get(0) / 1e3 >= seconds;
            boolean over = elapsed + ofStep > most;
            if (measured || over) {
                watcher.interrupt();
                throw new Enough();
            }
        }

        private ObjectNode result() {
            List<Double> timed = new ArrayList<>(millis.size() > 1 ? millis.subList(1, millis.size()) : millis);
            timed.sort(null);
            int middle = timed.size() / 2;
            double median = timed.size() % 2 == 1 ? timed.get(middle) : (timed.get(middle - 1) + timed.get(middle)) / 2;
            ObjectNode result = JSON.createObjectNode();
            result.put("steps", timed.size())
                    .put("warm_up_steps", millis.size() - timed.size())
                    .put("ms_per_step", median)
                    .put("fastest_ms", timed.get(0))
                    .put("slowest_ms", timed.get(timed.size() - 1))
                    .put("resident_before_mb", bytesBefore / 1e6)
                    .put("peak_resident_mb", peakBytes / 1e6);
            return result;
        }
    }
}
