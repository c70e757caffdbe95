package dev.parlance.cli;

import picocli.CommandLine;

/** Says whether this machine can run Parlance. */
@CommandLine.Command(name = "doctor", description = "Check this machine.")
final class DoctorCommand implements Command {
    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().println("ok");
        return OK;
    }
}
