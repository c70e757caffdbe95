import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A million short requests: whether any fails, and whether the server's memory grows with them.
 *
 * <p>usage: {@code runs/serve/java.sh Soak --url URL --pid PID --texts FILE.tsv --out OUT.json [--requests 1000000]}
 * {@code [--connections 64] [--longest 40]}
 *
 * <p>The slope of the resident memory is a least-squares fit over samples of each second, without the first fifth of the requests.
 */
public final class Soak {
    private static final double LONGEST_SECONDS = 6 * 3600;
    private static final double WARM_UP_SHARE = 0.2;

    private Soak() {}

    public static void main(String[] arguments) throws IOException {
        Args args =
                new Args("Soak", Set.of("url", "pid", "texts", "out", "requests", "connections", "longest"), arguments);
        URI url = Args.local(args.text("url"));
        Proc server = Proc.of(args.number("pid", -1));
        long requests = args.number("requests", 1_000_000);
        List<String> texts = Texts.sample(Path.of(args.text("texts")), 5000, args.integer("longest", 40), 7);
        LoadLoop loop = new LoadLoop(new LoadLoop.Plan(
                new InetSocketAddress(url.getHost(), url.getPort()),
                Texts.requests(url, texts),
                args.integer("connections", 64),
                0,
                0,
                LONGEST_SECONDS,
                requests));
        ObjectNode record = Records.start();
        record.put("command", args.command()).put("texts", texts.size());
        double cpu = server.cpuSeconds();
        LoadResult result;
        List<Proc.Sample> samples;
        try (Proc.Sampler sampler = server.sample(loop::answered)) {
            result = loop.run();
            samples = sampler.samples();
        }
        record.set("load", result.toJson());
        record.put("server_cpu_seconds", LoadResult.round(server.cpuSeconds() - cpu));
        summarize(record, result, samples, requests);
        Records.write(record, Path.of(args.text("out")));
        System.err.println(record.get("summary").toPrettyString());
    }

    private static void summarize(ObjectNode record, LoadResult result, List<Proc.Sample> samples, long requests) {
        List<Proc.Sample> later = samples.stream()
                .filter(sample -> sample.progress() >= WARM_UP_SHARE * requests)
                .toList();
        double[] count = later.stream().mapToDouble(Proc.Sample::progress).toArray();
        double[] seconds = later.stream().mapToDouble(Proc.Sample::seconds).toArray();
        double[] memory = later.stream().mapToDouble(Proc.Sample::residentMb).toArray();
        ObjectNode summary = record.putObject("summary");
        summary.put(
                "answered",
                result.fromSent.values().stream()
                        .mapToLong(h -> h.getTotalCount())
                        .sum());
        summary.put("good", result.count(200));
        summary.put(
                "failures",
                result.failures.values().stream().mapToLong(Long::longValue).sum());
        summary.put("per_second", LoadResult.round(result.perSecond()));
        summary.put("p99_ms", LoadResult.round(result.millis(99)));
        summary.put("resident_mb_slope_per_100000_requests", LoadResult.round(1e5 * Proc.slope(count, memory)));
        summary.put("resident_mb_slope_per_hour", LoadResult.round(3600 * Proc.slope(seconds, memory)));
        ArrayNode curve = record.putArray("memory");
        int step = Math.max(1, samples.size() / 100);
        for (int i = 0; i < samples.size(); i += step) {
            Proc.Sample sample = samples.get(i);
            curve.addObject()
                    .put("seconds", LoadResult.round(sample.seconds()))
                    .put("requests", sample.progress())
                    .put("resident_mb", LoadResult.round(sample.residentMb()));
        }
    }
}
