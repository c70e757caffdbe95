package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.cli.Setting.Group;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class RunOptionsTest {
    @TempDir
    Path directory;

    @Test
    void the_last_place_that_has_a_setting_wins() throws IOException {
        Path file = Files.writeString(
                directory.resolve("run.yaml"), "training:\n  seed: 1\n  learning_rate: 1e-5\n  weight_decay: 0.1\n");
        RunConfig run = parsed(
                "--config", file.toString(), "--seed", "2", "--learning-rate", "2e-5", "--set", "training.seed=3");
        assertThat(run.training().seed()).isEqualTo(3); // --set
        assertThat(run.training().learningRate()).isEqualTo(2e-5); // option
        assertThat(run.training().weightDecay()).isEqualTo(0.1); // file
        assertThat(run.training().adamBeta1()).isEqualTo(0.9); // default
    }

    @Test
    void set_can_be_repeated() {
        RunConfig run = parsed("--set", "training.seed=3", "--set", "model.max_length=64");
        assertThat(run.training().seed()).isEqualTo(3);
        assertThat(run.model().maxLength()).isEqualTo(64);
    }

    @Test
    void names_the_setting_that_was_meant() {
        assertThatThrownBy(() -> parsed("--set", "training.lerning_rate=1"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean training.learning_rate?");
    }

    private static RunConfig parsed(String... args) {
        RunOptions options = RunOptions.ofTraining(
                Settings.of(Group.WHAT, Group.DATA, Group.LIMITS, Group.MODEL, Group.TRAINING, Group.TRACKING));
        CommandSpec spec = CommandSpec.create();
        options.addTo(spec);
        new CommandLine(spec).parseArgs(args);
        return options.run();
    }
}
