package dev.parlance.train.loop;

import dev.parlance.config.RunConfig;
import dev.parlance.data.Splits;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import java.nio.file.Path;

/**
 * A run whose settings, data and model were read and fit each other.
 *
 * @param config the settings without {@code auto} values
 * @param data the splits, and whether their test part is looked at
 * @param task with the labels of all splits
 * @param base directory of the pretrained model
 * @param encoder what its config.json says
 * @param tokenizer the model's, owned by this
 */
record Prepared(
        RunConfig config, RunData data, TextClassification task, Path base, EncoderConfig encoder, Tokenizer tokenizer)
        implements AutoCloseable {
    Splits splits() {
        return data.splits();
    }

    /** The same with other settings; only one of the two is to be closed. */
    Prepared with(RunConfig newConfig) {
        return new Prepared(newConfig, data, task, base, encoder, tokenizer);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
