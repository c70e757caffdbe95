package dev.parlance.cli;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Finding;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a run from all the places they can come from: defaults, then a file, then options, then --set. */
final class RunOptions {
    private final Settings settings;
    private final OptionSpec set = OptionSpec.builder("--set")
            .paramLabel("<name=value>")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .initialValue(List.of())
            .description("A setting by its name in a run file, such as data.max_rows=100; repeatable, wins over all.")
            .build();
    private final @Nullable OptionSpec config;
    private final Set<String> told = new HashSet<>();
    private @Nullable CommandSpec spec;

    private RunOptions(Settings settings, @Nullable OptionSpec config) {
        this.settings = settings;
        this.config = config;
    }

    /** Options of a command that reads examples; more settings can be offered by their paths. */
    static RunOptions ofReading(String... more) {
        return new RunOptions(Settings.ofReading(more), null);
    }

    /** Options of a command that reads examples and whose {@code --format} is what it writes. */
    static RunOptions ofReadingAnyFormat() {
        return new RunOptions(Settings.ofReading().without("data.format"), null);
    }

    /** Options of a command that trains. */
    static RunOptions ofTraining(Settings settings) {
        return new RunOptions(
                settings,
                OptionSpec.builder("--config")
                        .paramLabel("<file>")
                        .type(Path.class)
                        .description("A run file (YAML or JSON), such as the run.yaml of a finished model.")
                        .build());
    }

    void addTo(CommandSpec spec) {
        this.spec = spec;
        if (config != null) {
            spec.addOption(config);
        }
        spec.addOption(set);
        settings.addTo(spec);
    }

    /** The settings, each from the last place that has it. */
    RunConfig run() {
        return run(RunConfig.defaults());
    }

    /** The settings, each from the last place that has it; {@code base} stands for the defaults. */
    RunConfig run(RunConfig base) {
        Path file = config == null ? null : config.getValue();
        RunConfig run = settings.applyTo(file == null ? base : ConfigFiles.read(file, this::note));
        List<String> given = set.getValue();
        for (String assignment : given) {
            run = ConfigFiles.withAssignment(run, assignment, this::note);
        }
        return run;
    }

    /** Tells once that a setting is read by another name. */
    private void note(String line) {
        if (spec != null && told.add(line)) {
            spec.commandLine().getErr().println("note: " + line);
        }
    }

    /** How to read files. */
    DataConfig data() {
        return run().data();
    }

    /** Says what may harm. */
    static void warn(Console console, List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.warning()) {
                console.err().println(console.paint("33", "warning: ") + finding);
            }
        }
    }
}
