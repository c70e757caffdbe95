import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.Json;
import dev.parlance.train.checkpoint.Sha256;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.weights.Safetensors;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Trains a tiny model with the real command, kills the process (SIGKILL) at random moments, also in the middle of saving,
 * goes on with --resume, and compares the bytes of the finished model with those of a run that nobody killed.
 *
 * <p>usage: java -cp cli/target/parlance-cli.jar runs/KillAndResume.java OUT.json [kills] [seed]; adds to what OUT.json holds
 */
public class KillAndResume {
    private static final int MAX_STEPS = 400;
    private static final int SAVE_STEPS = 4;
    private static final int MAX_MILLIS_OF_TRAINING = 2000;
    private static final int MAX_MILLIS_BEFORE_TRAINING = 2500;
    private static final List<String> COMPARED = List.of("model.safetensors", "model.onnx", "report.json");

    private final Path directory = Files.createTempDirectory("parlance-kill-");
    private final Path launcher = Path.of("parlance").toAbsolutePath();
    private final List<String> command = new ArrayList<>();
    private final List<Long> resumedAfter = new ArrayList<>();
    private int kills;
    private int killsWhileSaving;
    private int killsBeforeTraining;
    private int damagedCheckpoints;
    private int finishedRuns;

    private KillAndResume() throws Exception {}

    public static void main(String[] args) throws Exception {
        int wanted = args.length > 1 ? Integer.parseInt(args[1]) : 24;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        new KillAndResume().run(new File(args[0]), wanted, seed, String.join(" ", args));
    }

    private void run(File out, int wanted, long seed, String words) throws Exception {
        writeDataAndModel();
        finish("whole");
        TreeMap<String, String> expected = hashes("whole");
        boolean equal = true;
        Random random = new Random(seed);
        while (kills < wanted) {
            String output = "killed-" + finishedRuns;
            boolean done = false;
            while (!done && kills < wanted) {
                done = killed(output, random);
            }
            if (!done) {
                finish(output);
            }
            finishedRuns++;
            equal &= hashes(output).equals(expected) && !Files.exists(directory.resolve(output + ".unfinished"));
        }
        if (out.exists()) {
            JsonNode before = new ObjectMapper().readTree(out);
            kills += before.path("kills").asInt();
            killsWhileSaving += before.path("kills_while_saving").asInt();
            killsBeforeTraining += before.path("kills_before_the_first_step").asInt();
            finishedRuns += before.path("runs_finished").asInt();
            damagedCheckpoints += before.path("damaged_checkpoints_met").asInt();
            before.path("resumed_after_steps").forEach(step -> resumedAfter.add(step.asLong()));
            equal &= before.path("bit_equal").asBoolean()
                    && new ObjectMapper().valueToTree(expected).equals(before.path("sha256"));
        }
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("command", "runs/KillAndResume.java " + words);
        record.put("date", Instant.now().toString());
        record.put("train", "parlance " + String.join(" ", command));
        record.put("kills", kills);
        record.put("kills_while_saving", killsWhileSaving);
        record.put("kills_before_the_first_step", killsBeforeTraining);
        record.put("runs_finished", finishedRuns);
        record.put("steps_of_a_run", MAX_STEPS);
        record.put("steps_between_checkpoints", SAVE_STEPS);
        record.put("damaged_checkpoints_met", damagedCheckpoints);
        record.set("resumed_after_steps", new ObjectMapper().valueToTree(resumedAfter));
        record.put("bit_equal", equal);
        record.set("sha256", new ObjectMapper().valueToTree(expected));
        record.set("machine", new ObjectMapper().valueToTree(Json.tree(Provenance.Machine.detect(2))));
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out, record);
        System.out.println(record.toPrettyString());
        if (equal) {
            clean();
        }
        System.exit(equal ? 0 : 1);
    }

    /** Starts or goes on and kills; true if the run was finished before that. */
    private boolean killed(String output, Random random) throws Exception {
        boolean early = random.nextInt(5) == 0;
        Process process = start(output);
        if (early) {
            Thread.sleep(random.nextInt(MAX_MILLIS_BEFORE_TRAINING));
        } else {
            awaitTraining(output, process);
            Thread.sleep(random.nextInt(MAX_MILLIS_OF_TRAINING));
        }
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        String said = listen(output);
        if (!alive || Files.exists(directory.resolve(output).resolve("config.json"))) {
            return true;
        }
        kills++;
        killsBeforeTraining += said.contains("examples to train on") ? 0 : 1;
        killsWhileSaving += halfSaved(output) ? 1 : 0;
        return false;
    }

    /** What the last process said; counts what matters of it. */
    private String listen(String output) throws Exception {
        String said = Files.readString(log(output));
        said.lines()
                .filter(line -> line.startsWith("going on after step "))
                .forEach(line -> resumedAfter.add(Long.valueOf(line.replaceAll("\\D*(\\d+).*", "$1"))));
        damagedCheckpoints += (int) said.lines().filter(line -> line.contains("is damaged")).count();
        return said;
    }

    private void awaitTraining(String output, Process process) throws Exception {
        while (process.isAlive() && !Files.readString(log(output)).contains("examples to train on")) {
            Thread.sleep(5);
        }
    }

    private boolean halfSaved(String output) throws Exception {
        Path unfinished = directory.resolve(output + ".unfinished");
        if (!Files.isDirectory(unfinished)) {
            return false;
        }
        try (Stream<Path> files = Files.list(unfinished)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("\\.checkpoint-\\d+\\.(tmp|old)-.*"));
        }
    }

    /** Removes the directory of a test that went well. */
    private void clean() throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void finish(String output) throws Exception {
        if (start(output).waitFor() != 0) {
            throw new IllegalStateException(Files.readString(log(output)));
        }
        listen(output);
    }

    private Process start(String output) throws Exception {
        command.clear();
        command.addAll(List.of("train", "--data", "data.csv", "--model", "tiny", "--output", output, "--resume"));
        command.addAll(List.of("--max-steps", "" + MAX_STEPS, "--save-strategy", "steps"));
        command.addAll(List.of("--save-steps", "" + SAVE_STEPS, "--threads", "2"));
        List<String> words = new ArrayList<>(List.of(launcher.toString()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(output).toFile());
        builder.environment().put("PARLANCE_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // starts sooner
        return builder.start();
    }

    private Path log(String output) {
        return directory.resolve(output + ".log");
    }

    private TreeMap<String, String> hashes(String output) throws Exception {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (String file : COMPARED) {
            hashes.put(file, Sha256.of(directory.resolve(output).resolve(file)));
        }
        return hashes;
    }

    private void writeDataAndModel() throws Exception {
        StringBuilder rows = new StringBuilder("text,label\n");
        for (int i = 0; i < 400; i++) {
            boolean good = i % 2 == 0;
            rows.append((good ? "good fine " : "broken bad ").repeat(1 + i % 5))
                    .append(i / 5 % 3 == 0 ? "." : "good bad")
                    .append(good ? ",positive\n" : ",negative\n");
        }
        Files.writeString(directory.resolve("data.csv"), rows);
        Path model = Files.createDirectory(directory.resolve("tiny"));
        Path config = Files.writeString(model.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 10, "hidden_size": 64, "num_hidden_layers": 2,
                 "num_attention_heads": 4, "intermediate_size": 256, "max_position_embeddings": 64, "type_vocab_size": 2,
                 "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
                 "layer_norm_eps": 1e-12, "initializer_range": 0.1, "pad_token_id": 0}
                """);
        try (InputStream tokenizer = ClassLoader.getSystemResourceAsStream("dev/parlance/cli/self-test/tokenizer.json")) {
            Files.copy(tokenizer, model.resolve("tokenizer.json"));
        }
        try (SequenceClassifier layers =
                SequenceClassifier.create(EncoderConfig.parse(Json.readObject(config), "tiny"), 2, 7)) {
            Safetensors.write(model.resolve("model.safetensors"), layers.toWeights());
        }
    }
}
