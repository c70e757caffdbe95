package dev.parlance.cli;

import dev.parlance.config.UserError;
import dev.parlance.train.crossval.CrossValidationOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code train} that ask for a cross-validation. */
final class CrossValidationFlags {
    @ArgGroup(validate = false, exclusive = false, heading = "%nCross-validation:%n")
    private Group group = new Group();

    private static final class Group {
        @Option(
                names = "--cv",
                paramLabel = "<folds>",
                description =
                        "Train and measure once for each of so many folds; every row is predicted by a model that has"
                                + " not seen it. The same command again goes on where it was broken off.")
        private @Nullable Integer folds;

        @Option(
                names = "--cv-group-column",
                paramLabel = "<name|index>",
                description =
                        "Column whose values must not be in two folds, such as an author. Left out: equal texts stay"
                                + " together.")
        private @Nullable String groupColumn;

        @Option(
                names = "--cv-final-model",
                paramLabel = "<true|false>",
                arity = "0..1",
                defaultValue = "true",
                fallbackValue = "true",
                description = "Train the model on all rows afterwards. Default: true.")
        private boolean finalModel = true;

        @Option(names = "--cv-keep-models", description = "Keep the model of each fold, for example to average them.")
        private boolean keepModels;
    }

    /** What was asked for; empty without {@code --cv}. */
    Optional<CrossValidationOptions> options() {
        Integer folds = group.folds;
        if (folds == null) {
            if (group.groupColumn != null || group.keepModels || !group.finalModel) {
                throw new UserError(
                        "options of a cross-validation are given without --cv, expected --cv FOLDS with them");
            }
            return Optional.empty();
        }
        return Optional.of(new CrossValidationOptions(folds, group.groupColumn, group.keepModels));
    }

    boolean finalModel() {
        return group.finalModel;
    }
}
