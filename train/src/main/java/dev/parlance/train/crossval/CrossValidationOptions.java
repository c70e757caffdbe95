package dev.parlance.train.crossval;

import dev.parlance.config.UserError;
import dev.parlance.data.Folds;
import org.jspecify.annotations.Nullable;

/**
 * How to cross-validate.
 *
 * @param folds number of folds, from 2 to 100
 * @param groupColumn column by name or index whose values must not be in two folds; null keeps equal texts together
 * @param keepModels whether the model of each fold stays on disk
 */
public record CrossValidationOptions(int folds, @Nullable String groupColumn, boolean keepModels) {
    /** Folds by text; the models are deleted once they were measured. */
    public static CrossValidationOptions of(int folds) {
        return new CrossValidationOptions(folds, null, false);
    }

    public CrossValidationOptions {
        if (folds < 2 || folds > Folds.MAX_FOLDS) {
            throw new UserError(
                    "the number of folds is " + folds + ", expected a whole number from 2 to " + Folds.MAX_FOLDS);
        }
        if (groupColumn != null && groupColumn.isBlank()) {
            throw new UserError("the group column is empty, expected the name or index of a column");
        }
    }
}
