package dev.parlance.cli;

import dev.parlance.cli.DoctorCheck.Finding;
import dev.parlance.cli.DoctorCheck.Status;
import java.util.List;
import picocli.CommandLine;

/** Says whether this machine can run Parlance, and how fast. */
@CommandLine.Command(
        name = "doctor",
        description = {
            "Check this machine: Java, memory, cache, native libraries and where they come from, speed, a self-test of"
                    + " both engines.",
            "Prints a line for each check, ok, warn or fail, and exits with 1 if one failed. Takes a few seconds."
        },
        footer = "  parlance doctor")
final class DoctorCommand implements Command {
    private final Console console;
    private final List<DoctorCheck> checks;

    DoctorCommand(Console console) {
        this(console, DoctorChecks.ALL);
    }

    DoctorCommand(Console console, List<DoctorCheck> checks) {
        this.console = console;
        this.checks = checks;
    }

    @Override
    public Integer call() {
        boolean failed = false;
        for (DoctorCheck check : checks) {
            for (Finding finding : run(check)) {
                failed |= finding.status() == Status.FAIL;
                console.out().printf("%-5s %-16s %s%n", finding.status().word, finding.what(), finding.detail());
            }
            console.out().flush(); // a check may take seconds
        }
        return failed ? FAILED : OK;
    }

    /** A check that throws has found something, too. */
    private static List<Finding> run(DoctorCheck check) {
        try {
            return check.probe().call();
        } catch (Exception | LinkageError e) {
            return List.of(new Finding(Status.FAIL, check.what(), reason(e)));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof ExceptionInInitializerError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause).lines().findFirst().orElse("unknown");
    }
}
