package dev.parlance.config;

import org.jspecify.annotations.Nullable;

/**
 * The resolved settings of a run: what is done, on which data, from which model and how. Saved with the run, so that the
 * run can be repeated.
 *
 * @param task {@code text-classification}
 * @param data where the examples are
 * @param model what to start from
 * @param training how to train
 * @param linear the linear model, where {@code model.model_name_or_path} is {@code linear}
 * @param tracking what is recorded of it
 * @param outputDir directory of the finished model; {@code auto} is {@code models/} and the data file's name
 * @param overwriteOutputDir whether an existing model there may be replaced
 */
public record RunConfig(
        String task,
        DataConfig data,
        ModelConfig model,
        TrainingArguments training,
        LinearConfig linear,
        TrackingConfig tracking,
        String outputDir,
        boolean overwriteOutputDir) {
    /** All defaults; {@code data.train} is still to be set. */
    public static RunConfig defaults() {
        return new RunConfig(
                "text-classification",
                DataConfig.defaults(),
                ModelConfig.defaults(),
                TrainingArguments.defaults(),
                LinearConfig.defaults(),
                TrackingConfig.defaults(),
                "auto",
                false);
    }

    public RunConfig {
        Check.oneOf("task", task, "text-classification");
        if (outputDir.isBlank()) {
            throw new UserError("output_dir is empty, expected a directory to write the model to");
        }
    }

    /**
     * A copy with one setting changed, for example {@code with("training.learning_rate", 3e-5)}.
     *
     * @param path dotted snake_case name; an unknown one fails with the nearest known name
     * @param value a string, number, boolean or null that fits the setting
     */
    public RunConfig with(String path, @Nullable Object value) {
        return ConfigFiles.with(this, path, value);
    }
}
