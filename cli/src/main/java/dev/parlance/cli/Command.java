package dev.parlance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** What stands behind a word such as {@code train}: annotated for picocli, called once, returns the exit code. */
interface Command extends Callable<Integer> {
    /** Done. */
    int OK = 0;
    /** Something broke that the user did not cause, or a check did not pass. */
    int FAILED = 1;
    /** The user can mend it: a wrong option, file or model. */
    int USAGE = 2;
    /** Stopped by Ctrl-C (SIGINT), as shells have it: 128 and the number of the signal. */
    int INTERRUPTED = 130;
    /** Stopped by SIGTERM. */
    int TERMINATED = 143;

    /** Adds the options that are made from {@link Settings} rather than from annotations. */
    default void configure(CommandSpec spec) {}

    @Override
    Integer call() throws Exception;
}
