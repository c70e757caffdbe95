package dev.parlance.cli;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Finding;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How to read files of examples: the options that {@code evaluate}, {@code predict} and {@code data} share. */
final class ReadingOptions {
    private final Settings settings;
    private final List<String> assignments = new ArrayList<>();

    ReadingOptions() {
        this(Settings.ofReading());
    }

    ReadingOptions(Settings settings) {
        this.settings = settings;
    }

    void addTo(CommandSpec spec) {
        settings.addTo(spec);
        spec.addOption(setOption(assignments));
    }

    /** The option {@code --set}, which collects into the list. */
    static OptionSpec setOption(List<String> assignments) {
        return OptionSpec.builder("--set")
                .paramLabel("<name=value>")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .initialValue(assignments)
                .description("A setting by its name in the run file, such as data.max_rows=100; repeatable, wins.")
                .build();
    }

    RunConfig run() {
        RunConfig config = settings.applyTo(RunConfig.defaults());
        for (String assignment : assignments) {
            config = ConfigFiles.withAssignment(config, assignment);
        }
        return config;
    }

    DataConfig config() {
        return run().data();
    }

    /** Says what harms, and on a terminal also what was decided. */
    void warn(Console console, List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.warning()) {
                console.err().println(console.paint("33", "warning: ") + finding);
            }
        }
    }
}
