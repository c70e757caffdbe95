import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills a server with SIGKILL while it is loaded, starts it again, several times over: clients that try again lose nothing, and every
 * answer is the one that an undisturbed server gave.
 *
 * <p>usage: {@code runs/serve/java.sh KillRestart --start 'exec ./parlance serve MODEL --port 8080' --url URL --health URL}
 * {@code --texts FILE.tsv --out OUT.json [--requests 20000] [--kills 3] [--clients 32]}
 */
public final class KillRestart {
    private static final long LONGEST_START_MILLIS = 60_000;
    private static final long RETRY_MILLIS = 50;

    private final Args args;
    private final URI url;
    private final URI health;
    private final List<String> texts;
    private final ConcurrentHashMap<Integer, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private KillRestart(Args args) throws IOException {
        this.args = args;
        url = Args.local(args.text("url"));
        health = Args.local(args.text("health"));
        texts = Texts.sample(Path.of(args.text("texts")), 500, Integer.MAX_VALUE, 7);
    }

    public static void main(String[] arguments) throws Exception {
        Args args = new Args(
                "KillRestart",
                Set.of("start", "url", "health", "texts", "out", "requests", "kills", "clients"),
                arguments);
        new KillRestart(args).run();
    }

    private void run() throws Exception {
        ObjectNode record = Records.start();
        record.put("command", args.command());
        int requests = args.integer("requests", 20_000);
        int kills = args.integer("kills", 3);
        int clients = args.integer("clients", 32);
        Process server = start();
        try {
            List<String> expected = expected();
            ExecutorService pool = Executors.newFixedThreadPool(clients, KillRestart::daemon);
            for (int i = 0; i < clients; i++) {
                pool.execute(() -> ask(requests));
            }
            pool.shutdown();
            ArrayNode downtimes = record.putArray("seconds_down");
            for (int kill = 1; kill <= kills; kill++) {
                while (done.get() < (long) requests * kill / (kills + 1)) {
                    Thread.sleep(20);
                }
                long down = System.nanoTime();
                server.destroyForcibly().waitFor();
                server = start();
                downtimes.add(LoadResult.round((System.nanoTime() - down) / 1e9));
            }
            boolean ended = pool.awaitTermination(30, TimeUnit.MINUTES);
            summarize(record, requests, expected, ended);
        } finally {
            server.destroy();
            server.waitFor();
        }
        Records.write(record, Path.of(args.text("out")));
        System.err.println(record.get("summary").toPrettyString());
    }

    /** Clients must not keep this process alive when the server cannot be started any more. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", args.text("start"))
                .redirectOutput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long end = System.currentTimeMillis() + LONGEST_START_MILLIS;
        while (System.currentTimeMillis() < end && process.isAlive()) {
            try (Client client = new Client(health, 2000)) {
                if (client.statusOf(Texts.get(health)) == 200) {
                    return process;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IllegalStateException("'" + args.text("start") + "' does not answer " + health);
    }

    /** The answers of a server that nothing happens to. */
    private List<String> expected() throws IOException {
        List<String> expected = new ArrayList<>();
        try (Client client = new Client(url)) {
            for (String text : texts) {
                Client.Answer answer = client.send(Texts.post(url, Texts.body(text)));
                if (answer.status() != 200) {
                    throw new IllegalStateException("status " + answer.status() + ": " + answer.body());
                }
                expected.add(answer.body());
            }
        }
        return expected;
    }

    /** A client: takes the next request and tries until it has its answer. */
    private void ask(int requests) {
        try (Client client = new Client(url)) {
            for (int id = next.getAndIncrement(); id < requests; id = next.getAndIncrement()) {
                byte[] request = Texts.post(url, Texts.body(texts.get(id % texts.size())));
                while (!answered(client, request, id)) {
                    retries.incrementAndGet();
                    Thread.sleep(RETRY_MILLIS);
                }
                done.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answered(Client client, byte[] request, int id) {
        try {
            Client.Answer answer = client.send(request);
            if (answer.status() == 200) {
                answers.put(id, answer.body());
            }
            return answer.status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void summarize(ObjectNode record, int requests, List<String> expected, boolean ended) {
        int wrong = 0;
        for (int id = 0; id < requests; id++) {
            String answer = answers.get(id);
            wrong += answer != null && !sameLabel(answer, expected.get(id % expected.size())) ? 1 : 0;
        }
        record.putObject("summary")
                .put("requests", requests)
                .put("answered", answers.size())
                .put("lost", requests - answers.size())
                .put("wrong", wrong)
                .put("retries", retries.get())
                .put("all_clients_ended", ended);
    }

    /** The same label first; its score may differ in the last digits, since it depends on what else was in the batch. */
    private static boolean sameLabel(String answer, String other) {
        return label(answer).equals(label(other));
    }

    private static String label(String answer) {
        try {
            return Records.json().readTree(answer).findPath("label").asText(answer);
        } catch (IOException e) {
            return answer;
        }
    }
}
