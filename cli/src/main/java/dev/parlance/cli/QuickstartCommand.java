package dev.parlance.cli;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import dev.parlance.train.checkpoint.Resume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** The whole way once, on data that travels with the project. */
@CommandLine.Command(
        name = "quickstart",
        description = {
            "Train a classifier of customer messages (English and Chinese, 14 intents) on the data in examples/, print"
                    + " its report, and try it on messages that it never saw. Takes two to three minutes on two cores.",
            "Writes to models/quickstart, replacing what an earlier quickstart left there."
        },
        footer = "  parlance quickstart")
final class QuickstartCommand implements Command {
    private static final String DATA = "examples/customer-service/messages.csv";
    private static final String OUTPUT = "models/quickstart";

    private final Console console;

    QuickstartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path data = Path.of(System.getProperty("parlance.root", "")).resolve(DATA);
        if (!Files.isRegularFile(data)) {
            throw new UserError(data + " is missing, expected the messages that come with the project; run ./parlance"
                    + " of its checkout");
        }
        console.err()
                .println(console.bold("Quickstart: which of 14 things does a customer want?")
                        + " Learned from messages in English and Chinese, in two to three minutes on two cores.");
        TrainingRun training = TrainingRun.start(console, run(data), List.of("parlance", "quickstart"), Resume.NO);
        training.printReport();
        if (training.stopped()) {
            return training.exitCode();
        }
        Dataset unseen = Splits.read(training.result().config().data()).test();
        List<Example> messages = unseen == null ? List.of() : unseen.examples();
        new UnseenMessages(console, messages, training.result().bundle()).print();
        next(data);
        return OK;
    }

    static RunConfig run(Path data) {
        return RunConfig.defaults()
                .with("data.train", data.toString())
                .with("data.text_column", "text")
                .with("data.label_column", "intent")
                .with("model.model_name_or_path", "bge-small-zh") // of the built-ins the one that reads both languages
                .with("training.learning_rate", 3e-4)
                .with("training.num_train_epochs", 5)
                .with("output_dir", OUTPUT)
                .with("overwrite_output_dir", true);
    }

    private void next(Path data) {
        String parlance = Console.command();
        console.err().println();
        console.err().println(console.bold("Try next"));
        for (String line : List.of(
                "predict " + OUTPUT + " \"where is my parcel?\" \"我要退货\" --top-k 3",
                "data " + near(data) + " --label-column intent",
                "train --data " + near(data) + " --label-column sentiment --output models/sentiment")) {
            console.err().println("    " + parlance + " " + line);
        }
        console.err().println("and with a file of yours, which has a column of texts and one of labels:");
        console.err().println("    " + parlance + " train --data reviews.csv");
    }

    /** The path from here if it lies below, which is shorter to read. */
    private static Path near(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }
}
