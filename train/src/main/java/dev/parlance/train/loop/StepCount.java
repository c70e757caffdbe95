package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;

/**
 * How many steps a run has, counted as transformers does.
 *
 * @param perEpoch steps of one pass over the data; the last may have fewer batches than {@code gradient_accumulation_steps}
 * @param all steps of the run
 */
record StepCount(long perEpoch, long all) {
    static StepCount of(int examples, TrainingArguments arguments) {
        long batches = (examples - 1L) / arguments.perDeviceTrainBatchSize() + 1;
        long perEpoch = (batches - 1) / arguments.gradientAccumulationSteps() + 1;
        long byEpochs = Math.max(1, (long) Math.ceil(arguments.numTrainEpochs() * perEpoch));
        return new StepCount(
                perEpoch, arguments.maxSteps() == TrainingArguments.UNLIMITED ? byEpochs : arguments.maxSteps());
    }
}
