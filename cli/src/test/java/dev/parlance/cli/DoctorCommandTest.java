package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.cli.DoctorCheck.Finding;
import dev.parlance.cli.DoctorCheck.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    @Test
    void finds_both_engines_well() {
        Run run = Run.of("doctor");
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out())
                .containsPattern("ok +java ")
                .containsPattern("ok +onnx runtime .*answer as they should")
                .containsPattern("ok +libtorch .*answers as it should")
                .containsPattern("(ok|warn) +fp32 +[0-9]+ GFLOP/s")
                .doesNotContain("fail ");
    }

    @Test
    void reports_a_failure_and_goes_on() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = Run.console("", out, new ByteArrayOutputStream(), 0);
        int code = new DoctorCommand(
                        console,
                        List.of(
                                new DoctorCheck("engine", () -> {
                                    throw new UnsatisfiedLinkError("no such library");
                                }),
                                new DoctorCheck("next", () -> List.of(new Finding(Status.WARN, "next", "slow")))))
                .call();
        assertThat(code).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("fail +engine +java.lang.UnsatisfiedLinkError: no such library")
                .containsPattern("warn +next +slow");
    }
}
