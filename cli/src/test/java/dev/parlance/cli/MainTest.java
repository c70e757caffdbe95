package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {
    @Test
    void help_lists_every_command() {
        Run run = Run.of("--help");
        assertThat(run.code()).isZero();
        Commands.ALL.stream().filter(entry -> !entry.name().equals("warm-up")).forEach(entry -> assertThat(run.out())
                .contains("\n  " + entry.name()));
        assertThat(run.err()).isEmpty();
    }

    @Test
    void without_a_command_shows_the_usage_and_fails() {
        Run run = Run.of();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: parlance");
    }

    @Test
    void names_the_command_that_was_meant() {
        Run run = Run.of("doctr");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'doctr'").contains("Did you mean: parlance doctor");
    }

    @Test
    void says_its_version() {
        assertThat(Run.of("--version").out()).startsWith("parlance ").contains("Java " + Runtime.version());
    }

    static Stream<String> commands() {
        return Commands.ALL.stream().map(Commands.Entry::name);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself(String command) {
        Run run = Run.of(command, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: parlance " + command).contains("Exit codes:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_refuses_what_it_does_not_know(String command) {
        Run run = Run.of(command, "--no-such-option");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("parlance: ").contains("Try 'parlance " + command + " --help'");
    }
}
