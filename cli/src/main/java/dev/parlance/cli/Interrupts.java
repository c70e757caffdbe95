package dev.parlance.cli;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Turns the first Ctrl-C (SIGINT) or SIGTERM into a wish to stop and lets the second end the process at once. While there
 * is nothing to save yet, as during a download, the first ends it too.
 *
 * <p>The process ends by {@link Runtime#halt}: a normal exit would tear down native libraries in which other threads still
 * compute.
 */
final class Interrupts implements BooleanSupplier {
    private final AtomicInteger exitCode = new AtomicInteger(Command.OK);
    private final Consumer<String> say;
    private volatile boolean somethingToSave;
    private volatile String kept = "nothing was saved";

    private Interrupts(Consumer<String> say) {
        this.say = say;
    }

    /** Listens from now on; {@code say} gets what to tell the user, on the signal's thread, and should only print. */
    static Interrupts listen(Consumer<String> say) {
        Interrupts interrupts = new Interrupts(say);
        Signals.handle("INT", () -> interrupts.signalled(Command.INTERRUPTED));
        Signals.handle("TERM", () -> interrupts.signalled(Command.TERMINATED));
        return interrupts;
    }

    /** From now on the first signal is only a wish. */
    void somethingToSave() {
        somethingToSave = true;
    }

    /** There is a checkpoint, which is what is left if the process has to end at once. */
    void saved(Path checkpoint) {
        kept = "the model was not saved; train --resume goes on from " + checkpoint;
    }

    /** Whether a stop was asked for. */
    @Override
    public boolean getAsBoolean() {
        return exitCode() != Command.OK;
    }

    /** What the process has to exit with: 130 or 143 by the first signal, 0 without one. */
    int exitCode() {
        return exitCode.get();
    }

    private void signalled(int code) {
        boolean first = exitCode.compareAndSet(Command.OK, code);
        if (first && somethingToSave) {
            say.accept("stopping after this step, then saving the best so far; again (Ctrl-C) stops at once");
            return;
        }
        say.accept(somethingToSave ? "stopped at once, " + kept : "stopped, nothing was trained yet");
        Runtime.getRuntime().halt(code);
    }
}
