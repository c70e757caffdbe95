import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads servers in turn with the same texts and records throughput, latency, memory and processor time: at saturation (a closed
 * loop) for each number of connections, and at a fixed rate (an open loop) at a share of what each server was seen to reach.
 *
 * <p>usage: {@code runs/serve/java.sh LoadGenerator --target NAME=URL,PID ... --texts NAME=FILE.tsv ... --out OUT.json}
 * {@code [--raw NAME=MODEL_DIR ...] [--idle NAME=URL,PID] [--connections 1,8,64,512] [--rates 0.5,0.8] [--warm-up 2]}
 * {@code [--seconds 8] [--rounds 3] [--sample 2000] [--batches 8,32,64]}
 *
 * <p>{@code --raw} runs ONNX Runtime in this process on the same texts, taking turns with the servers of the same name's end: the
 * target {@code parlance-int8} is compared with the raw loop {@code raw-int8}, and all others with {@code raw-fp32}.
 * {@code --idle} names a URL that costs its server nothing, such as {@code /health}: what this generator itself costs and can do.
 */
public final class LoadGenerator {
    private static final int RATE_CONNECTIONS = 256;

    private final Args args;
    private final double warmUp;
    private final double seconds;
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Map<String, List<String>> data = new LinkedHashMap<>();
    private final RatioTable table = new RatioTable();
    private final ObjectNode record = Records.start();

    private LoadGenerator(Args args) throws IOException {
        this.args = args;
        warmUp = args.decimal("warm-up", 2);
        seconds = args.decimal("seconds", 8);
        args.pairs("target").forEach((name, value) -> targets.put(name, Target.of(value)));
        for (Map.Entry<String, String> texts : args.pairs("texts").entrySet()) {
            int count = args.integer("sample", 2000);
            data.put(texts.getKey(), Texts.sample(Path.of(texts.getValue()), count, Integer.MAX_VALUE, 7));
        }
    }

    public static void main(String[] arguments) throws IOException {
        Args args = new Args(
                "LoadGenerator",
                Set.of(
                        "target",
                        "texts",
                        "out",
                        "raw",
                        "idle",
                        "connections",
                        "rates",
                        "warm-up",
                        "seconds",
                        "rounds",
                        "sample",
                        "batches"),
                arguments);
        new LoadGenerator(args).run();
    }

    private void run() throws IOException {
        record.put("command", args.command());
        describeTexts();
        for (Map.Entry<String, String> idle : args.pairs("idle").entrySet()) {
            measure("idle", idle.getKey(), Target.of(idle.getValue()), List.of(), 64, 0);
        }
        Map<String, RawLoop> raws = new LinkedHashMap<>();
        args.pairs("raw").forEach((name, directory) -> raws.put(name, new RawLoop(Path.of(directory))));
        for (int round = 0; round < args.integer("rounds", 3); round++) {
            for (Map.Entry<String, List<String>> texts : data.entrySet()) {
                raws.forEach((name, raw) -> measureRaw(texts.getKey(), name, raw, texts.getValue()));
                saturate(texts.getKey(), texts.getValue());
                fixedRates(texts.getKey(), texts.getValue());
            }
        }
        raws.values().forEach(RawLoop::close);
        table.summarize(record);
        Records.write(record, Path.of(args.text("out")));
    }

    private void describeTexts() {
        data.forEach((name, texts) -> record.withObject("/texts/" + name)
                .put("texts", texts.size())
                .put(
                        "mean_chars",
                        texts.stream().mapToInt(String::length).average().orElse(0)));
    }

    private void saturate(String dataset, List<String> texts) throws IOException {
        for (int connections : args.integers("connections", "1,8,64,512")) {
            for (Map.Entry<String, Target> target : targets.entrySet()) {
                measure(dataset, target.getKey(), target.getValue(), texts, connections, 0);
            }
        }
    }

    private void fixedRates(String dataset, List<String> texts) throws IOException {
        String rates = args.text("rates", "0.5,0.8");
        for (String share : rates.isEmpty() ? new String[0] : rates.split(",")) {
            for (Map.Entry<String, Target> target : targets.entrySet()) {
                double rate = table.best(target.getKey(), dataset) * Double.parseDouble(share);
                if (rate > 0) {
                    measure(dataset, target.getKey(), target.getValue(), texts, RATE_CONNECTIONS, rate);
                }
            }
        }
    }

    private void measure(String dataset, String name, Target target, List<String> texts, int connections, double rate)
            throws IOException {
        List<byte[]> requests =
                texts.isEmpty() ? List.of(Texts.get(target.url())) : Texts.requests(target.url(), texts);
        Proc client = Proc.self();
        double serverCpu = target.process().cpuSeconds();
        double clientCpu = client.cpuSeconds();
        double before = target.process().residentMb();
        long start = System.nanoTime();
        LoadResult result = new LoadLoop(
                        new LoadLoop.Plan(target.address(), requests, connections, rate, warmUp, seconds, 0))
                .run();
        double wall = (System.nanoTime() - start) / 1e9;
        ObjectNode cell = Records.json().createObjectNode();
        cell.put("target", name).put("data", dataset).put("connections", connections);
        cell.put("loop", rate > 0 ? "open" : "closed");
        if (rate > 0) {
            cell.put("rate_per_second", LoadResult.round(rate));
        }
        cell.setAll(result.toJson());
        cell.putObject("server")
                .put("resident_mb_before", LoadResult.round(before))
                .put("resident_mb_after", LoadResult.round(target.process().residentMb()))
                .put("cores", LoadResult.round((target.process().cpuSeconds() - serverCpu) / wall));
        cell.putObject("client").put("cores", LoadResult.round((client.cpuSeconds() - clientCpu) / wall));
        record.withArray("cells").add(cell);
        table.add(name, dataset, rate > 0 ? "open" : Integer.toString(connections), result.perSecond());
        System.err.printf(
                "%-14s %-8s %4d connections, %s: %8.1f a second, p50 %.1f ms, p99 %.1f ms, %s%n",
                name,
                dataset,
                connections,
                rate > 0 ? "rate " + Math.round(rate) : "closed",
                result.perSecond(),
                result.millis(50),
                result.millis(99),
                result.failures.isEmpty() ? "no failure" : result.failures);
    }

    private void measureRaw(String dataset, String name, RawLoop raw, List<String> texts) {
        List<Integer> batches = args.integers("batches", "8,32,64");
        for (boolean spin : new boolean[] {false, true}) {
            for (int batch : batches) {
                measureRaw(dataset, name, raw, texts, new RawLoop.Way(batch, spin, false));
            }
            int middle = batches.get(batches.size() / 2);
            measureRaw(dataset, name, raw, texts, new RawLoop.Way(middle, spin, true));
        }
    }

    private void measureRaw(String dataset, String name, RawLoop raw, List<String> texts, RawLoop.Way way) {
        double perSecond = raw.textsPerSecond(texts, way, warmUp / 4, seconds / 4);
        String target = name + (way.tokenize() ? "-with-tokenization" : "");
        record.withArray("cells")
                .addObject()
                .put("target", target)
                .put("data", dataset)
                .put("batch_size", way.batchSize())
                .put("busy_waiting", way.spin())
                .put("per_second", LoadResult.round(perSecond));
        table.add(target, dataset, way.toString(), perSecond);
        System.err.printf("%-14s %-8s %s: %8.1f a second%n", target, dataset, way, perSecond);
    }

    /** A server: {@code URL,PID}. */
    record Target(URI url, Proc process) {
        static Target of(String text) {
            String[] parts = text.split(",");
            if (parts.length != 2) {
                throw new IllegalArgumentException("'" + text + "', expected URL,PID");
            }
            return new Target(Args.local(parts[0]), Proc.of(Long.parseLong(parts[1])));
        }

        InetSocketAddress address() {
            return new InetSocketAddress(url.getHost(), url.getPort());
        }
    }
}
