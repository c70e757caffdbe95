package dev.parlance.cli;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.data.Splits;
import dev.parlance.predict.Pipeline;
import dev.parlance.text.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import picocli.CommandLine;

/** The whole way once, on data that travels with the project. */
@CommandLine.Command(
        name = "quickstart",
        description = {
            "Train a classifier of customer messages (English and Chinese, 14 intents) on the data in examples/, print"
                    + " its report, and try it on messages that it never saw.",
            "Writes to models/customer-service, replacing what an earlier quickstart left there."
        },
        footer = "  parlance quickstart")
final class QuickstartCommand implements Command {
    private static final String DATA = "examples/customer-service/messages.csv";
    private static final String OUTPUT = "models/customer-service";
    private static final int SHOWN_PER_LANGUAGE = 5;

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
        RunConfig run = RunConfig.defaults()
                .with("data.train", data.toString())
                .with("data.text_column", "text")
                .with("data.label_column", "intent")
                .with("model.model_name_or_path", "bge-small-zh") // of the built-ins the one that reads both languages
                .with("training.learning_rate", 1e-4)
                .with("training.num_train_epochs", 6)
                .with("output_dir", OUTPUT)
                .with("overwrite_output_dir", true);
        TrainingRun training = TrainingRun.start(console, run, List.of("parlance", "quickstart"));
        training.printReport();
        Dataset unseen = Splits.read(training.result().config().data()).test();
        if (unseen != null) {
            tryOn(unseen.examples(), training.result().bundle());
        }
        next(data);
        return training.exitCode();
    }

    private void tryOn(List<Example> unseen, Path model) {
        console.out().println();
        console.out().println("Messages that it never saw");
        console.out().println();
        try (Pipeline pipeline = Pipeline.load(model)) {
            for (Language language : List.of(Language.EN, Language.ZH)) {
                for (Example example : some(unseen, language)) {
                    ScoredLabel best = ((Labels) pipeline.predict(example.text())).best();
                    boolean right = best.label().equals(example.goldLabel());
                    console.out().println(example.text());
                    console.out()
                            .printf(
                                    Locale.ROOT,
                                    "    -> %s (%.2f)%s%n",
                                    best.label(),
                                    best.score(),
                                    right ? "" : "; the data says " + example.goldLabel());
                }
            }
        }
        console.out().flush();
    }

    private static List<Example> some(List<Example> examples, Language language) {
        List<Example> chosen = new ArrayList<>(examples.stream()
                .filter(example -> Language.of(example.text()) == language)
                .toList());
        Collections.shuffle(chosen, new Random(42));
        return chosen.subList(0, Math.min(SHOWN_PER_LANGUAGE, chosen.size()));
    }

    private void next(Path data) {
        console.err().println();
        console.err().println("Try next:");
        for (String line : List.of(
                "parlance predict " + OUTPUT + " \"where is my parcel?\" \"我要退货\" --top-k 3",
                "parlance train --data " + data + " --label-column sentiment --output models/sentiment",
                "parlance data your.csv",
                "parlance train --data your.csv")) {
            console.err().println("    " + line);
        }
    }
}
