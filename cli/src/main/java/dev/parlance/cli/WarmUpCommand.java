package dev.parlance.cli;

import java.io.IOException;
import java.io.OutputStream;
import picocli.CommandLine;

/** Does what {@code predict} does, with a model of ten words, so that the launcher can archive the classes it takes. */
@CommandLine.Command(name = "warm-up", hidden = true, description = "Load the classes of a prediction.")
final class WarmUpCommand implements Command {
    private final Console console;

    WarmUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Console silent = new Console(console.in(), OutputStream.nullOutputStream(), console.err(), 0, false);
        try (SelfTestModel model = SelfTestModel.unpack()) {
            return Main.run(silent, "predict", model.directory().toString(), "good");
        }
    }
}
