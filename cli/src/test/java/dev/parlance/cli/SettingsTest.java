package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.cli.Setting.Group;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SettingsTest {
    @Test
    void every_setting_of_a_run_is_an_option() {
        List<String> paths = new ArrayList<>();
        collect(ConfigFiles.toTree(RunConfig.defaults()), "", paths);
        assertThat(Settings.ALL.stream().map(Setting::path)).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void options_change_the_run_and_leave_the_rest() {
        RunConfig config = parsed("--data", "a.csv", "--learning-rate", "3e-5", "--num-train-epochs=2", "--seed", "7");
        assertThat(config.data().train()).isEqualTo("a.csv");
        assertThat(config.training().learningRate()).isEqualTo(3e-5);
        assertThat(config.training().numTrainEpochs()).isEqualTo(2);
        assertThat(config.training().seed()).isEqualTo(7);
        assertThat(config.model()).isEqualTo(RunConfig.defaults().model());
    }

    @Test
    void texts_that_look_like_numbers_stay_texts() {
        assertThat(parsed("--text-column", "0", "--label-column", "true").data().textColumn())
                .isEqualTo("0");
        assertThat(parsed("--label-column", "true").data().labelColumn()).isEqualTo("true");
    }

    @Test
    void a_tab_can_be_spelt() {
        assertThat(parsed("--delimiter", "\\t").data().delimiter()).isEqualTo('\t');
        assertThat(parsed("--delimiter", "tab").data().delimiter()).isEqualTo('\t');
        assertThat(parsed("--delimiter", ";").data().delimiter()).isEqualTo(';');
    }

    @Test
    void a_switch_needs_no_value() {
        assertThat(parsed("--overwrite").overwriteOutputDir()).isTrue();
        assertThat(parsed("--group-by-length=false").training().groupByLength()).isFalse();
    }

    @Test
    void a_profile_needs_no_number() {
        assertThat(parsed().training().profileSteps()).isZero();
        assertThat(parsed("--profile").training().profileSteps()).isEqualTo(10);
        assertThat(parsed("--profile", "--seed", "7").training().profileSteps()).isEqualTo(10);
        assertThat(parsed("--profile", "20", "--seed", "7").training().profileSteps())
                .isEqualTo(20);
        assertThat(parsed("--profile-steps=3", "--profile-skip-steps", "1")
                        .training()
                        .profileSkipSteps())
                .isEqualTo(1);
        assertThatThrownBy(() -> parsed("--profile", "ten"))
                .isInstanceOf(UserError.class)
                .hasMessage("--profile is 'ten', expected a whole number");
    }

    @Test
    void the_learning_rate_may_be_auto() {
        RunConfig config = parsed("--learning-rate", "auto");
        assertThat(config.training().learningRate()).isEqualTo(TrainingArguments.AUTO);
        assertThat(config).isEqualTo(parsed("--learning-rate", "-1")).isEqualTo(parsed());
        assertThatThrownBy(() -> parsed("--weight-decay", "auto"))
                .isInstanceOf(UserError.class)
                .hasMessage("--weight-decay is 'auto', expected a number");
    }

    @Test
    void settings_that_belong_together_may_come_in_any_order() {
        RunConfig config =
                parsed("--optim-args", "momentum=0.9,nesterov=true", "--optim", "sgd", "--freeze-layers", "4");
        config.training().refuseContradictions();
        assertThat(config.training().optimArgs().values()).containsEntry("momentum", "0.9");
        assertThat(config.training().freezeLayers()).isEqualTo("4");
        assertThatThrownBy(() -> parsed("--optim", "sdg"))
                .isInstanceOf(UserError.class)
                .hasMessage("training.optim is 'sdg'; did you mean sgd?");
    }

    @Test
    void batch_sizes_may_be_auto() {
        RunConfig config = parsed("--per-device-train-batch-size", "auto", "--per-device-eval-batch-size=auto");
        assertThat(config.training().perDeviceTrainBatchSize()).isEqualTo(TrainingArguments.AUTO);
        assertThat(config.training().perDeviceEvalBatchSize()).isEqualTo(TrainingArguments.AUTO);
    }

    @Test
    void says_what_was_expected_of_a_value() {
        assertThatThrownBy(() -> parsed("--seed", "seven"))
                .isInstanceOf(UserError.class)
                .hasMessage("--seed is 'seven', expected a whole number");
        assertThatThrownBy(() -> parsed("--learning-rate", "fast"))
                .isInstanceOf(UserError.class)
                .hasMessage("--learning-rate is 'fast', expected a number");
        assertThatThrownBy(() -> parsed("--learning-rate", "-2"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("training.learning_rate is -2, expected a number from 0 to 10");
        assertThatThrownBy(() -> parsed("--group-by-length=perhaps"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expected true or false");
    }

    private static RunConfig parsed(String... args) {
        Settings settings =
                Settings.of(Group.WHAT, Group.DATA, Group.LIMITS, Group.MODEL, Group.TRAINING, Group.TRACKING);
        CommandSpec spec = CommandSpec.create();
        settings.addTo(spec);
        new CommandLine(spec).parseArgs(args);
        return settings.applyTo(RunConfig.defaults());
    }

    private static void collect(JsonNode node, String prefix, List<String> paths) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                collect(entry.getValue(), prefix + entry.getKey() + ".", paths);
            } else {
                paths.add(prefix + entry.getKey());
            }
        }
    }
}
