import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a server does when three times as much is asked of it as it can do: it should refuse with 429 and nothing else, answer what
 * it takes about as fast as when it is just full, not grow, and be itself again at once.
 *
 * <p>usage: {@code runs/serve/java.sh Overload --url URL --pid PID --texts FILE.tsv --out OUT.json [--seconds 120] [--factor 3]}
 * {@code [--saturation-seconds 20] [--saturation-connections 512] [--connections 1024] [--sample 2000]}
 *
 * <p>Saturation is a closed loop with as many connections as the server takes requests at a time; the overload is an open loop with
 * twice as many.
 */
public final class Overload {
    private static final double WARM_UP = 3;
    private static final double RECOVERY_SECONDS = 20;
    private static final long PROBE_MILLIS = 20;

    private final Args args;
    private final URI url;
    private final Proc server;
    private final List<byte[]> requests;
    private final ObjectNode record = Records.start();

    private Overload(Args args) throws IOException {
        this.args = args;
        url = Args.local(args.text("url"));
        server = Proc.of(args.number("pid", -1));
        requests = Texts.requests(
                url, Texts.sample(Path.of(args.text("texts")), args.integer("sample", 2000), Integer.MAX_VALUE, 7));
    }

    public static void main(String[] arguments) throws Exception {
        new Overload(new Args(
                        "Overload",
                        Set.of(
                                "url",
                                "pid",
                                "texts",
                                "out",
                                "seconds",
                                "factor",
                                "saturation-seconds",
                                "saturation-connections",
                                "connections",
                                "sample"),
                        arguments))
                .run();
    }

    private void run() throws Exception {
        record.put("command", args.command());
        LoadResult idle = load(1, 0, 4);
        record.set("idle", idle.toJson());
        LoadResult full = load(args.integer("saturation-connections", 512), 0, args.integer("saturation-seconds", 20));
        record.set("saturation", full.toJson());
        double rate = args.decimal("factor", 3) * full.perSecond();
        LoadResult over;
        List<Proc.Sample> memory;
        LoadLoop loop = loop(args.integer("connections", 1024), rate, args.integer("seconds", 120));
        try (Proc.Sampler sampler = server.sample(loop::answered)) {
            over = loop.run();
            memory = sampler.samples();
        }
        double recovery = secondsToRecover(limitMillis(idle));
        record.set("overload", over.toJson());
        summarize(full, over, rate, memory, recovery, idle);
        Records.write(record, Path.of(args.text("out")));
        System.err.println(record.get("summary").toPrettyString());
    }

    private LoadLoop loop(int connections, double rate, double seconds) {
        return new LoadLoop(new LoadLoop.Plan(
                new InetSocketAddress(url.getHost(), url.getPort()), requests, connections, rate, WARM_UP, seconds, 0));
    }

    private LoadResult load(int connections, double rate, double seconds) throws IOException {
        return loop(connections, rate, seconds).run();
    }

    /** An answer that is as fast as this is one of a server that is not loaded. */
    private static double limitMillis(LoadResult idle) {
        return Math.max(50, 2 * idle.millis(99));
    }

    /**
     * From when the overload's last answer came to the first of ten answers in a row that are good and fast. How long those last
     * answers took is recorded beside it.
     */
    private double secondsToRecover(double limitMillis) throws Exception {
        long start = System.nanoTime();
        int good = 0;
        double since = 0;
        try (Client client = new Client(url)) {
            for (int i = 0; (System.nanoTime() - start) / 1e9 < RECOVERY_SECONDS; i++) {
                long sent = System.nanoTime();
                int status = client.statusOf(requests.get(i % requests.size()));
                double millis = (System.nanoTime() - sent) / 1e6;
                if (status != 200 || millis > limitMillis) {
                    good = 0;
                } else if (good++ == 0) {
                    since = (System.nanoTime() - start) / 1e9;
                }
                if (good == 10) {
                    return since;
                }
                Thread.sleep(PROBE_MILLIS);
            }
        }
        return Double.NaN;
    }

    private void summarize(
            LoadResult full, LoadResult over, double rate, List<Proc.Sample> memory, double recovery, LoadResult idle) {
        ObjectNode summary = record.putObject("summary");
        summary.put("capacity_per_second", LoadResult.round(full.perSecond()));
        summary.put("offered_per_second", LoadResult.round(rate));
        summary.put("accepted_per_second", LoadResult.round(over.perSecond()));
        summary.put("refused_with_429", over.count(429));
        summary.put("without_retry_after", over.withoutRetryAfter);
        long others = over.fromSent.entrySet().stream()
                .filter(entry -> entry.getKey() != 200 && entry.getKey() != 429)
                .mapToLong(entry -> entry.getValue().getTotalCount())
                .sum();
        summary.put("other_statuses", others);
        summary.put(
                "failures",
                over.failures.values().stream().mapToLong(Long::longValue).sum());
        summary.put("p99_ms_at_saturation", LoadResult.round(full.millis(99)));
        summary.put("p99_ms_of_accepted", LoadResult.round(over.millis(99)));
        summary.put("p99_ratio", LoadResult.round(over.millis(99) / full.millis(99)));
        double[] x = memory.stream()
                .skip(memory.size() / 10)
                .mapToDouble(Proc.Sample::seconds)
                .toArray();
        double[] y = memory.stream()
                .skip(memory.size() / 10)
                .mapToDouble(Proc.Sample::residentMb)
                .toArray();
        summary.put("resident_mb_first", LoadResult.round(y[0]))
                .put("resident_mb_last", LoadResult.round(y[y.length - 1]));
        summary.put("resident_mb_slope_per_minute", LoadResult.round(60 * Proc.slope(x, y)));
        summary.put("drain_seconds", LoadResult.round(over.drainSeconds));
        summary.put("recovery_seconds_after_drain", LoadResult.round(recovery));
        summary.put("recovery_limit_ms", LoadResult.round(limitMillis(idle)));
    }
}
