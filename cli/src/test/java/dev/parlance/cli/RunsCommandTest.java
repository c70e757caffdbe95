package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two small trainings, looked at in every way. */
class RunsCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static String runs = "";
    private static String first = "";
    private static String second = "";

    @BeforeAll
    static void train() throws IOException {
        runs = directory.resolve("runs").toString();
        Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(60, ','));
        TinyBase.write(directory.resolve("tiny"));
        Run slow = training("slow", "--learning-rate", "0.0001", "--runs-dir", runs);
        assertThat(slow.code()).as(slow.err()).isZero();
        assertThat(slow.err()).contains("recorded in " + runs);
        Run fast = training("fast", "--learning-rate", "0.01", "--logging-dir", runs, "--run-name", "fast one");
        assertThat(fast.code()).as(fast.err()).isZero();
        List<String> ids = new ArrayList<>();
        JSON.readTree(runs("--json").out())
                .forEach(run -> ids.add(run.path("id").asText()));
        assertThat(ids).hasSize(2);
        second = ids.get(0);
        first = ids.get(1);
        assertThat(first).endsWith("-slow");
        assertThat(second).endsWith("-fast-one");
    }

    private static Run training(String output, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "train",
                "--data",
                directory.resolve("reviews.csv").toString(),
                "--model",
                directory.resolve("tiny").toString(),
                "--output",
                directory.resolve(output).toString(),
                "--num-train-epochs",
                "3",
                "--logging-steps",
                "1"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private static Run runs(String... more) {
        List<String> words = new ArrayList<>(List.of("runs", "--runs-dir", runs));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void lists_the_runs_with_their_scores() {
        Run list = runs();
        assertThat(list.code()).as(list.err()).isZero();
        assertThat(list.out().lines().toList().get(0)).matches("ID +STATUS +MODEL +DATA +SCORE +STEP +TIME");
        assertThat(list.out().lines().toList().get(1)).startsWith(second).contains("finished", "test macro_f1 ");
        assertThat(list.out().lines()).hasSize(3);
    }

    @Test
    void filters_sorts_and_limits() {
        assertThat(runs("--filter", "learning_rate<0.001").out())
                .contains(first)
                .doesNotContain(second);
        assertThat(runs("--sort", "learning_rate").out().lines().toList().get(1))
                .startsWith(first);
        assertThat(runs("--sort", "learning_rate", "--reverse")
                        .out()
                        .lines()
                        .toList()
                        .get(1))
                .startsWith(second);
        Run limited = runs("--limit", "1");
        assertThat(limited.out().lines()).hasSize(2);
        assertThat(limited.err()).contains("1 more; --limit 0 shows all");
        Run none = runs("--filter", "status=failed");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("no runs that fit in " + runs);
        Run misspelt = runs("--filter", "learnin_rate=1");
        assertThat(misspelt.code()).isEqualTo(2);
        assertThat(misspelt.err()).contains("did you mean learning_rate?").hasLineCount(1);
    }

    @Test
    void compares_what_differs_and_marks_the_best() throws IOException {
        Run compared = runs("compare", first, "last");
        assertThat(compared.code()).as(compared.err()).isZero();
        assertThat(compared.out()).contains(first, second).doesNotContain("num_train_epochs");
        assertThat(compared.out().lines()).anyMatch(line -> line.matches("training.learning_rate +1.0E-4 +0.01"));
        assertThat(compared.out().lines()).anyMatch(line -> line.matches("test_log_loss +[\\d.]+ +[\\d.]+\\*"));
        JsonNode json = JSON.readTree(runs("compare", first, second, "--json").out());
        assertThat(json.at("/settings/training.learning_rate").toString()).isEqualTo("[\"1.0E-4\",\"0.01\"]");
        assertThat(json.at("/scores/test_accuracy")).hasSize(2);
        Run alone = runs("compare", first, "slow");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("expected at least two runs");
    }

    @Test
    void shows_a_run_with_its_curves() throws IOException {
        Run shown = runs("show", "last");
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("status     finished", "steps      ", "loss: ", "eval_loss: ", "eval_macro_f1: ")
                .contains("test_accuracy")
                .containsPattern("[\u2801-\u28ff]");
        assertThat(runs("show", "last", "--curve", "grad_norm").out())
                .contains("grad_norm: ")
                .doesNotContain("eval_loss: ");
        JsonNode json = JSON.readTree(runs("show", "last", "--json").out());
        assertThat(json.at("/curves/loss").size()).isGreaterThan(3);
        assertThat(json.at("/environment/machine/processors").asInt()).isPositive();
        assertThat(json.at("/settings/training.learning_rate").asText()).isEqualTo("0.01");
    }

    @Test
    void a_run_that_is_not_there_is_one_line_with_what_may_be_meant() {
        for (String command : List.of("show", "follow")) {
            Run unknown = runs(command, second.replace("fast", "fats"));
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.err()).hasLineCount(1).contains("there is no run", "did you mean " + second + "?");
        }
        Run curve = runs("show", "last", "--curve", "los");
        assertThat(curve.code()).isEqualTo(2);
        assertThat(curve.err()).contains("did you mean loss?");
    }

    @Test
    void writes_a_page() throws IOException {
        Path page = directory.resolve("runs.html");
        Run written = runs("--html", page.toString());
        assertThat(written.code()).as(written.err()).isZero();
        assertThat(written.err()).contains("2 runs written to " + page);
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains(first, second, "\"confusion\":{");
    }

    @Test
    void following_a_run_that_has_ended_prints_it_and_ends() throws IOException {
        Run followed = runs("follow", "last");
        assertThat(followed.code()).isZero();
        assertThat(followed.out().lines().toList().get(0))
                .startsWith("step 1, epoch 0.")
                .contains("loss ", "learning_rate ");
        assertThat(followed.out()).contains("eval_macro_f1 ", "test_accuracy ");
        assertThat(followed.err()).contains(second + " is finished, test macro_f1 ");
        String line = runs("follow", "last", "--json").out().lines().findFirst().orElse("");
        assertThat(JSON.readTree(line).path("step").asInt()).isEqualTo(1);
    }

    @Test
    void nothing_is_recorded_where_nothing_is_wanted() {
        Run silent = training(
                "silent",
                "--no-tracking",
                "--runs-dir",
                directory.resolve("none").toString());
        assertThat(silent.code()).as(silent.err()).isZero();
        assertThat(silent.err()).doesNotContain("recorded in");
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void a_run_of_another_process_can_be_followed_until_it_ends() throws IOException, InterruptedException {
        Path live = directory.resolve("live");
        List<String> endless = List.of(
                "train",
                "--data",
                "reviews.csv",
                "--model",
                "tiny",
                "--output",
                "endless",
                "--num-train-epochs",
                "100000",
                "--runs-dir",
                live.toString());
        try (Forked training = Forked.parlance(directory, endless)) {
            training.await("epoch 1.00");
            try (Forked follower =
                    Forked.parlance(directory, List.of("runs", "follow", "last", "--runs-dir", live.toString()))) {
                follower.await("step 1,");
                assertThat(Run.of("runs", "--runs-dir", live.toString()).out()).contains("running");
                follower.await("epoch 3.");
                training.signal("INT");
                training.finish(130);
                assertThat(follower.finish(0)).last().asString().contains("is interrupted, test macro_f1 ");
            }
        }
        List<String> killed = new ArrayList<>(endless);
        killed.addAll(List.of("--overwrite", "--run-name", "killed"));
        try (Forked training = Forked.parlance(directory, killed)) {
            training.await("epoch 1.00");
            training.signal("KILL");
            training.finish(137);
        }
        Run followed = Run.of("runs", "follow", "killed", "--runs-dir", live.toString());
        assertThat(followed.code()).isEqualTo(1);
        assertThat(followed.err()).contains("-killed is lost, validation macro_f1 ");
    }

    @Test
    void loads_neither_libtorch_nor_training() throws IOException, InterruptedException {
        try (Forked process = Forked.java(
                directory,
                List.of("-verbose:class"),
                "dev.parlance.cli.Main",
                "runs",
                "show",
                "last",
                "--runs-dir",
                runs)) {
            List<String> lines = process.finish(0);
            assertThat(lines).anyMatch(line -> line.startsWith("status     finished"));
            assertThat(lines).noneMatch(line -> line.contains("org.bytedeco") || line.contains("dev.parlance.train."));
            assertThat(lines).noneMatch(line -> line.contains("ai.onnxruntime"));
        }
    }
}
