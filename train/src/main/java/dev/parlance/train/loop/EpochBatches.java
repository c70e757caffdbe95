package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import java.util.List;
import java.util.Random;

/** Which examples go into which batch, as the settings have it: by number of examples or by number of tokens. */
final class EpochBatches {
    private EpochBatches() {}

    /** The batches of an epoch; the same settings and epoch give the same. */
    static List<int[]> of(Features train, TrainingArguments arguments, int epoch) {
        Random random = new Random(arguments.seed() + epoch);
        return arguments.maxTokensPerBatch() > 0
                ? LengthGroupedBatches.epochByTokens(train.size(), train::length, arguments.maxTokensPerBatch(), random)
                : LengthGroupedBatches.epoch(
                        train.size(),
                        train::length,
                        arguments.perDeviceTrainBatchSize(),
                        arguments.groupByLength(),
                        random);
    }

    /** How many batches each epoch has. */
    static int count(Features train, TrainingArguments arguments) {
        return arguments.maxTokensPerBatch() > 0
                ? LengthGroupedBatches.countByTokens(train.size(), train::length, arguments.maxTokensPerBatch())
                : (train.size() - 1) / arguments.perDeviceTrainBatchSize() + 1;
    }
}
