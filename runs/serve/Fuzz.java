import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Malformed requests, of which each follows from the seed and its number: none may be answered with a 500, end the server, or spoil
 * what it says afterwards.
 *
 * <p>usage: {@code runs/serve/java.sh Fuzz --url http://127.0.0.1:8080 --pid PID --model NAME --out OUT.json}
 * {@code [--requests 100000] [--seed 1] [--threads 6] [--from 0]}
 *
 * <p>{@code --from N --requests 1 --threads 1} sends request N alone, to look at one that failed.
 */
public final class Fuzz {
    private static final int BETWEEN_CHECKS = 250;
    private static final int KEPT_FAILURES = 30;
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final String TEXT = "a gorgeous, witty film";

    private final Args args;
    private final URI base;
    private final List<String[]> routes;
    private final TreeMap<String, Long> statuses = new TreeMap<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong failureCount = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final String expected;

    private Fuzz(Args args) throws IOException {
        this.args = args;
        base = Args.local(args.text("url"));
        routes = routes(args.text("model"));
        expected = answer();
    }

    public static void main(String[] arguments) throws Exception {
        new Fuzz(new Args(
                        "Fuzz", Set.of("url", "pid", "model", "out", "requests", "seed", "threads", "from"), arguments))
                .run();
    }

    /** Every route that takes a body, with a body that it takes; some exist for some models only, which is a 4xx like others. */
    private static List<String[]> routes(String model) {
        return List.of(
                new String[] {"/predict", "{\"inputs\":\"a fine film\",\"raw_scores\":false,\"truncate\":true}"},
                new String[] {"/predict", "{\"inputs\":[[\"a\",\"b\"],[\"c\"]]}"},
                new String[] {
                    "/embed", "{\"inputs\":[\"a\",\"b\"],\"normalize\":true,\"truncate\":false,\"dimensions\":4}"
                },
                new String[] {
                    "/rerank", "{\"query\":\"a\",\"texts\":[\"b\",\"c\"],\"return_text\":true,\"raw_scores\":false}"
                },
                new String[] {"/similarity", "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[\"b\"]}}"},
                new String[] {"/tokenize", "{\"inputs\":\"a b\",\"add_special_tokens\":true}"},
                new String[] {"/decode", "{\"ids\":[101,1037,102],\"skip_special_tokens\":true}"},
                new String[] {
                    "/models/" + model,
                    "{\"inputs\":\"a\",\"parameters\":{\"top_k\":2,\"function_to_apply\":\"softmax\"},\"options\":{\"use_cache\":false}}"
                },
                new String[] {
                    "/v1/embeddings",
                    "{\"input\":[\"a\"],\"model\":\"" + model + "\",\"encoding_format\":\"base64\",\"dimensions\":4}"
                },
                new String[] {
                    "/v2/models/" + model + "/infer",
                    "{\"id\":\"1\",\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"a\"]}]}"
                },
                new String[] {"/", "{\"a\":1}"},
                new String[] {"/no/such/route", "{\"inputs\":\"a\"}"});
    }

    private void run() throws Exception {
        long requests = args.number("requests", 100_000);
        int threads = args.integer("threads", 6);
        long from = args.number("from", 0);
        Proc server = Proc.of(args.number("pid", -1));
        ObjectNode record = Records.start();
        record.put("command", args.command());
        double before = server.residentMb();
        long start = System.nanoTime();
        List<Thread> pool = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int own = t;
            pool.add(new Thread(() -> work(from + own, from + requests, threads, server)));
        }
        pool.forEach(Thread::start);
        for (Thread thread : pool) {
            thread.join();
        }
        boolean well = server.alive() && expected.equals(answer());
        ObjectNode summary = record.putObject("summary");
        summary.put("requests", done.get()).put("seed", args.number("seed", 1));
        summary.put("seconds", LoadResult.round((System.nanoTime() - start) / 1e9));
        ObjectNode counts = summary.putObject("answers");
        statuses.forEach(counts::put);
        summary.put("failures", failureCount.get()).put("alive_and_right_afterwards", well);
        summary.put("resident_mb_before", LoadResult.round(before))
                .put("resident_mb_after", LoadResult.round(server.residentMb()));
        ArrayNode kept = record.putArray("failures");
        failures.forEach(kept::add);
        Records.write(record, Path.of(args.text("out")));
        System.err.println(record.toPrettyString());
        System.exit(well && failureCount.get() == 0 ? 0 : 1);
    }

    private void work(long first, long end, int step, Proc server) {
        try (Client client = new Client(base, TIMEOUT_MILLIS)) {
            for (long i = first; i < end && server.alive(); i += step) {
                one(client, i);
                if (done.incrementAndGet() % BETWEEN_CHECKS == 0 && !expected.equals(answer())) {
                    fail(i, "a good request was answered otherwise than before", new byte[0]);
                }
            }
        } catch (IOException e) {
            fail(-1, "a good request failed: " + e, new byte[0]);
        }
    }

    private void one(Client client, long number) throws IOException {
        SplittableRandom random = new SplittableRandom(args.number("seed", 1) * 1_000_003 + number);
        String[] route = routes.get(random.nextInt(routes.size()));
        HttpMutations http = new HttpMutations(random, base.getAuthority());
        byte[] bytes;
        boolean unfinished = false;
        if (random.nextInt(10) < 6) {
            bytes = http.wellFormed(route[0], new JsonMutations(random).mutate(route[1]));
        } else {
            HttpMutations.Raw raw = http.mutate(route[0], route[1].getBytes(StandardCharsets.UTF_8));
            bytes = raw.bytes();
            unfinished = raw.unfinished();
        }
        if (unfinished) {
            client.close(); // what is left over on a connection must not be taken for the answer of the next request
        }
        try {
            int status = client.send(bytes, unfinished).status();
            count(status == 0 ? "closed" : Integer.toString(status));
            if (status >= 500 && status != 501 && status != 505) {
                fail(number, "status " + status, bytes);
            }
        } catch (SocketTimeoutException e) {
            count("no answer");
            fail(number, "no answer in " + TIMEOUT_MILLIS + " ms", bytes);
        } catch (IOException e) {
            count("broken answer");
            fail(number, e.toString(), bytes);
        }
    }

    private synchronized void count(String status) {
        statuses.merge(status, 1L, Long::sum);
    }

    private void fail(long number, String why, byte[] bytes) {
        failureCount.incrementAndGet();
        if (failures.size() < KEPT_FAILURES) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            failures.add("request " + number + ": " + why + ": " + text.substring(0, Math.min(600, text.length())));
        }
    }

    /** What the server says to a good request; it must stay the same. */
    private String answer() throws IOException {
        try (Client client = new Client(base, TIMEOUT_MILLIS)) {
            Client.Answer answer =
                    client.send(Texts.post(base.resolve("/models/" + args.text("model")), Texts.body(TEXT)));
            String label =
                    Records.json().readTree(answer.body()).findPath("label").asText("");
            return answer.status() + " " + label;
        }
    }
}
