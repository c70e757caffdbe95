package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Searches whose trials are real processes, with a model that trains in no time. */
class SearchCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private String output = "";
    private Path search = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(120, ','));
        TinyBase.write(directory.resolve("tiny"));
        output = directory.resolve("model").toString();
        search = directory.resolve("model.search");
    }

    private List<String> words(String... more) {
        List<String> words = new ArrayList<>(List.of("search", "--data"));
        words.addAll(List.of(directory.resolve("reviews.csv").toString(), "--output", output));
        words.addAll(List.of("--set", "model.model_name_or_path=" + directory.resolve("tiny")));
        words.addAll(List.of("--num-train-epochs", "6", "--per-device-train-batch-size", "8"));
        words.addAll(List.of(more));
        return words;
    }

    private Run run(String... more) {
        return Run.of(words(more).toArray(String[]::new));
    }

    @Test
    void finds_what_learns_and_measures_the_test_data_once() throws IOException {
        Run run = run("--param", "training.learning_rate=1e-7,0.01", "--method", "grid", "--parallel", "2", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode result = JSON.readTree(run.out());
        assertThat(result.path("trials")).hasSize(2);
        assertThat(result.path("trials"))
                .allMatch(trial -> trial.path("status").asText().equals("complete"));
        assertThat(result.at("/best/values/training.learning_rate").asText()).isEqualTo("0.01");
        assertThat(result.at("/best/evaluations")).hasSize(6);
        assertThat(result.at("/final_model/measured_on").asText()).isEqualTo("test");
        assertThat(result.at("/final_model/report/examples").asInt()).isEqualTo(12);
        assertThat(Path.of(output, "model.onnx")).isNotEmptyFile();

        String ofTrial = Files.readString(search.resolve("trials/0001/run.yaml"));
        assertThat(ofTrial).contains("test: null").doesNotContain("reviews.csv");
        try (Stream<Path> data = Files.list(search.resolve("data"));
                Stream<Path> files = Files.list(search.resolve("trials/0002"))) {
            long rows = 0;
            for (Path part : data.toList()) {
                rows += Files.readAllLines(part).size();
            }
            assertThat(rows).isEqualTo(120 - 12); // the test rows are nowhere
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("run.yaml", "progress.jsonl", "log.txt");
        }

        String best = search.resolve("best.yaml").toString();
        Run trained = Run.of(
                "train",
                "--config",
                best,
                "--output",
                directory.resolve("again").toString());
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(Path.of(directory.toString(), "again", "model.safetensors"))
                .hasBinaryContent(Files.readAllBytes(Path.of(output, "model.safetensors")));
    }

    @Test
    void shows_tables_and_keeps_going_after_a_failed_trial() {
        Run run = run(
                "--param",
                "model.model_name_or_path=" + directory.resolve("tiny") + "|" + directory.resolve("missing"),
                "--method",
                "grid",
                "--final-model=false");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("2 trials in ", "everything was tried; scores on the validation data")
                .contains("TRIAL  STATUS    macro_f1", "complete", "failed")
                .contains("What mattered: nothing to say by 1 finished trial, fewer than 8");
        assertThat(run.err())
                .containsPattern("trial 2: failed: .*missing")
                .contains("best settings: " + search.resolve("best.yaml"));
    }

    @Test
    void ends_with_the_reason_if_all_trials_fail() {
        Run run = run(
                "--param",
                "model.model_name_or_path=" + directory.resolve("missing") + "|" + directory.resolve("absent"),
                "--method",
                "grid");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).containsPattern("parlance: all of 2 trials failed, the first since .*missing");
    }

    @Test
    void gives_up_trials_that_others_beat() throws IOException {
        Run run = run(
                "--param",
                "training.learning_rate=0.02,1e-9",
                "--method",
                "grid",
                "--scheduler",
                "asha",
                "--eta",
                "2",
                "--metric-for-best-model",
                "log_loss",
                "--final-model=false",
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode trials = JSON.readTree(run.out()).path("trials");
        assertThat(trials.get(0).path("status").asText()).isEqualTo("complete");
        assertThat(trials.get(1).path("status").asText()).isEqualTo("pruned");
        assertThat(trials.get(1).path("evaluations").size()).isLessThan(6);
        assertThat(run.err()).contains("given up after epoch");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void goes_on_after_it_was_killed() throws IOException, InterruptedException {
        String[] searched = {
            "--param", "training.seed=1..1000", "--method", "random", "--trials", "3", "--final-model=false"
        };
        List<ProcessHandle> children;
        try (Forked process = Forked.parlance(directory, words(searched))) {
            process.await("trial 2: seed");
            children = childrenOf(process);
            process.signal("KILL");
            process.finish(137);
        }
        assertThat(children).isNotEmpty();
        for (ProcessHandle child : children) { // none outlives its search
            child.onExit().join();
        }
        List<String> before = Files.readAllLines(search.resolve("trials.jsonl"));
        assertThat(before).hasSize(3); // the first from begin to end, the second begun

        Run refused = run(searched);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("holds a search already; go on with it by --resume");
        Run other = run("--param", "training.seed=1..100", "--method", "random", "--resume");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("holds another search (space.training.seed.max was 1000.0 and is 100.0)");

        List<String> resumed = new ArrayList<>(List.of(searched));
        resumed.add("--resume");
        Run run = run(resumed.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("going on after 1 finished trials; 1 broken off are done again");
        List<String> after = Files.readAllLines(search.resolve("trials.jsonl"));
        assertThat(after.subList(0, 3)).isEqualTo(before);
        assertThat(after).hasSize(6); // the second ended, the third begun and ended
        assertThat(JSON.readTree(after.get(3)).path("values"))
                .isEqualTo(JSON.readTree(before.get(2)).path("values"));
    }

    /** The line that a trial begins comes a moment before its process. */
    private static List<ProcessHandle> childrenOf(Forked process) throws InterruptedException {
        for (int i = 0; i < 500 && process.children().isEmpty(); i++) {
            Thread.sleep(10);
        }
        return process.children();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void ctrl_c_ends_all_trials_and_tells_what_was_found() throws IOException, InterruptedException {
        try (Forked process = Forked.parlance(
                directory,
                words("--param", "training.seed=1..1000", "--method", "random", "--parallel", "2", "--trials", "50"))) {
            process.await("(best so far)");
            List<ProcessHandle> children = childrenOf(process);
            process.signal("INT");
            List<String> lines = process.finish(130);
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("stopping; --resume goes on"))
                    .anyMatch(line -> line.contains("stopped; scores on the validation data"));
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }
        assertThat(search.resolve("best.yaml")).isNotEmptyFile();
        assertThat(Path.of(output)).doesNotExist(); // no model after a stop
    }

    @Test
    void refuses_before_anything_is_written() {
        Run unknown = run("--param", "training.lerning_rate=1,2");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("did you mean training.learning_rate?");
        Run endless = run("--param", "training.learning_rate=1e-5..1e-3", "--method", "grid");
        assertThat(endless.code()).isEqualTo(2);
        assertThat(endless.err()).contains("a grid needs to know at how many points");
        Run time = run("--time-budget", "soon");
        assertThat(time.code()).isEqualTo(2);
        assertThat(time.err()).contains("--time-budget is 'soon', expected a length of time");
        Run method = run("--method", "magic");
        assertThat(method.code()).isEqualTo(2);
        assertThat(search).doesNotExist();
    }
}
