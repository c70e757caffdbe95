package dev.parlance.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDirectoryTest {
    @TempDir
    Path folder;

    private void save(RunDirectory run, long step, int limit) {
        run.save(step, limit, directory -> Files.writeString(directory.resolve("weights"), "of step " + step));
    }

    private RunDirectory begun() {
        RunDirectory run = RunDirectory.open(folder.resolve("model.unfinished"));
        run.begin(RunConfig.defaults(), Instant.now());
        return run;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(folder.resolve("model.unfinished"))) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void lies_beside_the_model() {
        assertThat(RunDirectory.of(Path.of("models/reviews"))).isEqualTo(Path.of("models/reviews.unfinished"));
        assertThat(RunDirectory.of(Path.of("reviews"))).isEqualTo(Path.of("reviews.unfinished"));
    }

    @Test
    void keeps_the_newest_checkpoints_up_to_the_limit() throws IOException {
        try (RunDirectory run = begun()) {
            for (long step : new long[] {5, 90, 100, 110}) {
                save(run, step, 2);
            }
            assertThat(names()).containsExactly("checkpoint-100", "checkpoint-110", "run.yaml", "started.json");
            save(run, 120, 0);
            save(run, 130, 0);
            assertThat(names())
                    .filteredOn(name -> name.startsWith("checkpoint-"))
                    .hasSize(4);
        }
    }

    @Test
    void a_checkpoint_makes_those_of_later_steps_void() throws IOException {
        try (RunDirectory run = begun()) {
            save(run, 40, 3);
            save(run, 60, 3);
            save(run, 50, 3);
            assertThat(names()).contains("checkpoint-40", "checkpoint-50").doesNotContain("checkpoint-60");
        }
    }

    @Test
    void a_failure_while_saving_leaves_the_checkpoints_before() throws IOException {
        try (RunDirectory run = begun()) {
            save(run, 1, 1);
            assertThatThrownBy(() -> run.save(2, 1, directory -> {
                        throw new IOException("No space left on device");
                    }))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("--resume");
            assertThat(names()).containsExactly("checkpoint-1", "run.yaml", "started.json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weights | | weights is missing",
                "weights | of | weights has 2 bytes, not the 9 that were written",
                "weights | of step 3 | weights was changed after it was written",
                "manifest.json | | manifest.json is missing or damaged",
                "manifest.json | {\"sha256\": | manifest.json is missing or damaged",
                "manifest.json | {\"sha256\": \"00\", \"files\": {}} | manifest.json was changed after it was written"
            })
    void takes_the_newest_that_is_as_it_was_written(String file, String content, String defect) throws IOException {
        try (RunDirectory run = begun()) {
            save(run, 1, 0);
            save(run, 2, 0);
            Path damaged = folder.resolve("model.unfinished/checkpoint-2").resolve(file);
            if (content == null) {
                Files.delete(damaged);
            } else {
                Files.writeString(damaged, content);
            }
            List<String> notices = new ArrayList<>();
            assertThat(run.newestIntact(Long.MAX_VALUE, notices::add))
                    .hasValueSatisfying(
                            checkpoint -> assertThat(checkpoint.step()).isEqualTo(1));
            assertThat(notices).hasSize(1);
            assertThat(notices.get(0)).endsWith("checkpoint-2 is damaged and not used: " + defect);
        }
    }

    @Test
    void later_checkpoints_than_wanted_are_passed_over_in_silence() {
        try (RunDirectory run = begun()) {
            save(run, 1, 0);
            save(run, 2, 0);
            List<String> notices = new ArrayList<>();
            assertThat(run.newestIntact(1, notices::add).orElseThrow().step()).isEqualTo(1);
            assertThat(run.newestIntact(0, notices::add)).isEmpty();
            assertThat(notices).isEmpty();
        }
    }

    @Test
    void sweeps_up_what_a_killed_process_left() throws IOException {
        try (RunDirectory run = begun()) {
            save(run, 1, 0);
        }
        for (String name : List.of(".checkpoint-2.tmp-0a1b2c3d", ".checkpoint-1.old-123", ".run.yaml.77-88.tmp")) {
            Files.createDirectories(
                    folder.resolve("model.unfinished").resolve(name).resolve("inner"));
        }
        try (RunDirectory run = RunDirectory.open(folder.resolve("model.unfinished"))) {
            assertThat(names()).containsExactly("checkpoint-1", "run.yaml", "started.json");
        }
    }

    @Test
    void one_run_at_a_time_has_it_open() {
        try (RunDirectory run = begun()) {
            assertThatThrownBy(() -> RunDirectory.open(folder.resolve("model.unfinished")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("is in use by another run");
            save(run, 1, 0);
        }
        RunDirectory.open(folder.resolve("model.unfinished")).close();
    }

    @Test
    void goes_away_without_a_checkpoint_and_stays_with_one() {
        begun().close();
        assertThat(folder.resolve("model.unfinished")).doesNotExist();
        try (RunDirectory run = begun()) {
            save(run, 1, 0);
        }
        assertThat(RunDirectory.newest(folder.resolve("model.unfinished"))).isPresent();
    }

    @Test
    void a_new_run_forgets_the_checkpoints_of_the_one_before() throws IOException {
        try (RunDirectory run = begun()) {
            save(run, 1, 0);
        }
        try (RunDirectory run = begun()) {
            assertThat(names()).containsExactly("run.yaml", "started.json");
        }
    }

    @Test
    void a_run_can_be_named_by_its_model_its_directory_or_a_checkpoint() throws IOException {
        Path run = Path.of("models/reviews.unfinished");
        assertThat(Resume.from(Path.of("models/reviews")).runDirectory(Path.of("x")))
                .isEqualTo(run);
        assertThat(Resume.from(run).runDirectory(Path.of("x"))).isEqualTo(run);
        assertThat(Resume.LATEST.runDirectory(Path.of("models/reviews"))).isEqualTo(run);
        Path checkpoint = Files.createDirectories(folder.resolve("a.unfinished/checkpoint-7"));
        assertThat(Resume.from(checkpoint).runDirectory(Path.of("x"))).isEqualTo(folder.resolve("a.unfinished"));
        assertThat(Resume.from(checkpoint).lastStep()).isEqualTo(7);
        assertThatThrownBy(() -> Resume.from(folder.resolve("none")).savedConfig())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no unfinished run in " + folder.resolve("none.unfinished"));
    }

    @Test
    void settings_that_only_another_version_knows_name_that_version() throws IOException {
        Path run = folder.resolve("model.unfinished");
        try (RunDirectory open = begun()) {
            save(open, 1, 0);
        }
        assertThat(Resume.from(run).savedConfig()).hasValue(RunConfig.defaults());
        Files.writeString(run.resolve("run.yaml"), "no_such_setting: 1\n");
        assertThatThrownBy(() -> Resume.from(run).savedConfig())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("unknown key no_such_setting");
        Files.writeString(run.resolve("started.json"), "{\"parlance_version\": \"7.1\"}");
        assertThatThrownBy(() -> Resume.from(run).savedConfig())
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("does not know; go on with Parlance 7.1");
    }
}
