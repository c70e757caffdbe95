package dev.parlance.cli;

import dev.parlance.cli.Setting.Group;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.auto.AutoOptions;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.crossval.CrossValidationOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** From a file to a measured model. */
@CommandLine.Command(
        name = "train",
        description = {
            "Fine-tune a pretrained encoder into a classifier of texts, measure it and save it with its ONNX graph.",
            "Every setting has a default. Where several places have it, the later wins: defaults, --config, options,"
                    + " --set. The result's run.yaml holds all of them and repeats the run.",
            "The run is recorded in runs/<id>: 'parlance runs' shows it, also while it goes on.",
            "Ctrl-C stops after the current step, writes a checkpoint and saves the best so far; a second Ctrl-C stops at"
                    + " once. Checkpoints are in <output>.unfinished until the run is finished; --resume goes on from the"
                    + " newest, to the same weights as without the break."
        },
        footer = {
            "  parlance train --data reviews.csv",
            "  parlance train --data train.tsv --validation dev.tsv --test test.tsv --model bge-small-en \\",
            "      --output models/sst2 --num-train-epochs 3 --seed 7",
            "  parlance train --data reviews.csv --model linear          # TF-IDF and logistic regression, in seconds",
            "  parlance train --config run.yaml --set training.learning_rate=3e-5",
            "  parlance train --resume models/sst2",
            "  parlance train --data reviews.csv --profile               # a trace and a table of 10 steps",
            "  parlance train --data reviews.csv --cv 5",
            "  parlance train --data reviews.csv --auto --time-budget 10m"
        })
final class TrainCommand implements Command {
    @Option(names = "--no-tracking", description = "Record nothing of the run; the same as --report-to none.")
    private boolean noTracking;

    @Mixin
    private AutoFlags auto = new AutoFlags();

    @Mixin
    private CrossValidationFlags crossValidation = new CrossValidationFlags();

    private final Console console;
    private final RunOptions options = RunOptions.ofTraining(Settings.of(
            Group.WHAT, Group.DATA, Group.LIMITS, Group.MODEL, Group.LINEAR, Group.TRAINING, Group.TRACKING));
    private final OptionSpec resume = OptionSpec.builder("--resume")
            .paramLabel("<dir>")
            .type(String.class)
            .arity("0..1")
            .fallbackValue("")
            .description(
                    "Go on with an interrupted run: that of this --output, or that of a model's directory, with its"
                            + " settings, or from one of its checkpoints. Without any to go on from, begin.")
            .build();
    private final OptionSpec resumeAnyway = OptionSpec.builder("--resume-anyway")
            .type(Boolean.class)
            .arity("0")
            .initialValue(false)
            .description("Go on even if settings, data or version have changed; says which.")
            .build();
    private CommandSpec spec = CommandSpec.create();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        this.spec = spec;
        spec.addOption(resume).addOption(resumeAnyway);
        options.addTo(spec);
    }

    @Override
    public Integer call() {
        Resume resuming = resuming();
        RunConfig run = options.run(resuming.savedConfig().orElseGet(RunConfig::defaults));
        if (noTracking) {
            run = run.with("tracking.report_to", "none");
        }
        if (run.data().train() == null) {
            throw new UserError("there is nothing to train on, expected --data FILE with labelled texts");
        }
        List<String> words = new ArrayList<>(List.of("parlance"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        Optional<CrossValidationOptions> folds = crossValidation.options();
        Optional<AutoOptions> choosing = auto.options();
        if (choosing.isPresent()) {
            refuseBeside("--auto", folds.isPresent() ? "--cv" : resuming.wanted() ? "--resume" : null);
            return new AutoRun(console, run, choosing.get()).call(words);
        }
        if (folds.isPresent()) {
            return new CrossValidationRun(console, run, folds.get(), resuming)
                    .call(crossValidation.finalModel(), words);
        }
        TrainingRun training = TrainingRun.start(console, run, words, resuming);
        training.printReport();
        if (training.stopped()) {
            return training.exitCode();
        }
        String model = training.result().bundle().toString();
        console.err().println("try it: " + Console.command() + " predict " + model + " \"a text of yours\"");
        return training.exitCode();
    }

    private static void refuseBeside(String option, @Nullable String other) {
        if (other != null) {
            throw new UserError(option + " and " + other + " are both given, expected one of them"
                    + (other.equals("--resume") ? "; the same command without it goes on by itself" : ""));
        }
    }

    private Resume resuming() {
        String from = resume.getValue();
        boolean anyway = Boolean.TRUE.equals(resumeAnyway.getValue());
        if (from == null && !anyway) {
            return Resume.NO;
        }
        return new Resume(true, from == null || from.isEmpty() ? null : Path.of(from), anyway);
    }
}
