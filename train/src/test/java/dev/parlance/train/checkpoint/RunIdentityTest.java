package dev.parlance.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
    private static final RunConfig CONFIG = RunConfig.defaults().with("data.train", "a.csv");
    private static final RunIdentity SAVED = identity(1, "0.1.0", CONFIG, Map.of("libtorch", "2.10.0"));

    private static RunIdentity identity(int format, String version, RunConfig config, Map<String, String> facts) {
        return new RunIdentity(format, version, ConfigFiles.toTree(config), facts);
    }

    @Test
    void is_read_as_it_was_written() {
        assertThat(RunIdentity.read(Json.tree(SAVED))).isEqualTo(SAVED);
        assertThat(SAVED.check(SAVED, "checkpoint-1", false)).isEmpty();
    }

    @Test
    void shows_what_was_and_what_is() {
        RunIdentity now = identity(
                1,
                "0.1.0",
                CONFIG.with("training.seed", 7).with("data.text_column", "body"),
                Map.of("libtorch", "2.11.0", "new", "x"));
        assertThat(now.differences(SAVED))
                .containsExactly(
                        "data.text_column was null, is body",
                        "libtorch was 2.10.0, is 2.11.0",
                        "new was not known, is x",
                        "training.seed was 42, is 7");
        assertThatThrownBy(() -> now.check(SAVED, "checkpoint-1", false))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("checkpoint-1 is of a run with other settings or data: data.text_column was");
        assertThat(now.check(SAVED, "checkpoint-1", true)).hasSize(4);
    }

    @Test
    void settings_that_change_no_weight_are_no_difference() {
        RunConfig same = CONFIG.with("output_dir", "elsewhere")
                .with("training.save_total_limit", 9)
                .with("training.max_time", "3h");
        assertThat(identity(1, "0.1.0", same, Map.of("libtorch", "2.10.0")).differences(SAVED))
                .isEmpty();
    }

    @Test
    void another_processor_is_told_but_not_refused() {
        RunIdentity here = identity(1, "0.1.0", CONFIG, Map.of(RunIdentity.PROCESSOR, "A"));
        RunIdentity there = identity(1, "0.1.0", CONFIG, Map.of(RunIdentity.PROCESSOR, "B"));
        assertThat(there.check(here, "checkpoint-1", false)).containsExactly("processor was A, is B");
    }

    @Test
    void another_version_is_named_as_the_one_to_use() {
        RunIdentity newer = identity(1, "0.2.0", CONFIG, Map.of("libtorch", "2.10.0"));
        assertThatThrownBy(() -> newer.check(SAVED, "checkpoint-1", false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("written by Parlance 0.1.0, this is 0.2.0; go on with Parlance 0.1.0");
        assertThat(newer.check(SAVED, "checkpoint-1", true)).isEmpty();
        RunIdentity otherFormat = identity(2, "0.3.0", CONFIG, Map.of());
        assertThatThrownBy(() -> otherFormat.check(SAVED, "checkpoint-1", true))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("in another format than this version, 0.3.0, reads; go on with Parlance 0.1.0");
    }

    @Test
    void a_format_of_the_future_is_still_told_apart() {
        RunIdentity future = RunIdentity.read(Json.object().put("format", 9).put("parlance_version", "4.0"));
        assertThatThrownBy(() -> SAVED.check(future, "checkpoint-1", false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("go on with Parlance 4.0");
    }
}
