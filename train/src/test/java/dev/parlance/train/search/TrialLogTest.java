package dev.parlance.train.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialLogTest {
    private static final Trial ENDED = new Trial(
            1,
            Map.of("training.learning_rate", "1.0E-4", "model.model_name_or_path", "模型 \"x\""),
            Trial.Status.PRUNED,
            0.75,
            List.of(new Trial.Evaluation(1, 0.5), new Trial.Evaluation(2, 0.75)),
            12.5,
            null);

    @TempDir
    Path directory;

    @Test
    void reads_back_the_last_state_of_each_trial() {
        Path file = directory.resolve("trials.jsonl");
        TrialLog log = TrialLog.open(file);
        Trial broken = Trial.started(2, Map.of("training.seed", "1"));
        log.append(Trial.started(1, ENDED.values()));
        log.append(broken);
        log.append(ENDED);
        assertThat(log.trials()).containsExactly(ENDED, broken);
        assertThat(TrialLog.open(file).trials()).containsExactly(ENDED, broken);
    }

    @Test
    void cuts_off_a_torn_line_and_goes_on() throws IOException {
        Path file = directory.resolve("trials.jsonl");
        TrialLog.open(file).append(ENDED);
        long size = Files.size(file);
        Files.writeString(file, "{\"number\":2,\"values\":{\"tr", StandardOpenOption.APPEND);
        TrialLog log = TrialLog.open(file);
        assertThat(log.trials()).containsExactly(ENDED);
        assertThat(file).hasSize(size);
        log.append(Trial.started(2, Map.of()));
        assertThat(TrialLog.open(file).trials()).hasSize(2);
    }

    @Test
    void refuses_a_file_that_was_edited() throws IOException {
        Path file = directory.resolve("trials.jsonl");
        TrialLog.open(file).append(ENDED);
        Files.writeString(file, "no trial\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> TrialLog.open(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("trials.jsonl line 2 is no valid JSON, expected a trial");
    }
}
