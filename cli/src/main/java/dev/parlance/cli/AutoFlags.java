package dev.parlance.cli;

import dev.parlance.config.Durations;
import dev.parlance.config.UserError;
import dev.parlance.train.auto.AutoOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code train} that leave the choice of the model to Parlance. */
final class AutoFlags {
    @ArgGroup(validate = false, exclusive = false, heading = "%nAuto:%n")
    private Group group = new Group();

    private static final class Group {
        @Option(
                names = "--auto",
                description =
                        "Choose the model: audit the data, train a linear model, then encoders that fit the language and"
                                + " the time, average them if that is better, and say why. Settings that are given stay."
                                + " The same command again goes on where it was broken off.")
        private boolean auto;

        @Option(
                names = "--time-budget",
                paramLabel = "<time>",
                description = "Longest time of all that --auto does, such as 5m or 1h30m. Default: 10m.")
        private @Nullable String timeBudget;
    }

    /** What was asked for; empty without {@code --auto}. */
    Optional<AutoOptions> options() {
        String time = group.timeBudget;
        if (!group.auto) {
            if (time != null) {
                throw new UserError("--time-budget is given without --auto, expected both; to limit one training, set"
                        + " training.max_time");
            }
            return Optional.empty();
        }
        return Optional.of(
                time == null ? AutoOptions.defaults() : new AutoOptions(Durations.parse("--time-budget", time)));
    }
}
