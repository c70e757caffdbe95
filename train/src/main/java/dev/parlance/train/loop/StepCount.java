package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;

/**
 * How many steps a run has, counted as transformers does.
 *
 * @param perEpoch steps of one pass over the data; the last may have fewer batches than {@code gradient_accumulation_steps}
 * @param all steps of the run
 */
record StepCount(long perEpoch, long all) {
    /** The steps of a run on these examples. */
    static StepCount of(Features train, TrainingArguments arguments) {
        return ofBatches(EpochBatches.count(train, arguments), arguments);
    }

    static StepCount ofBatches(long batches, TrainingArguments arguments) {
        long perEpoch = (batches - 1) / arguments.gradientAccumulationSteps() + 1;
        long byEpochs = Math.max(1, (long) Math.ceil(arguments.numTrainEpochs() * perEpoch));
        return new StepCount(
                perEpoch, arguments.maxSteps() == TrainingArguments.UNLIMITED ? byEpochs : arguments.maxSteps());
    }
}
