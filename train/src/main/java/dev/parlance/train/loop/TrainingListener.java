package dev.parlance.train.loop;

import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** Hears how a training run goes. Called on the training thread; keep it short. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** A phase begins, for example {@code resolving the model}, {@code exporting}; one line for the user. */
    default void onPhase(String phase) {}

    /** The data was read and split; its findings are to be shown. */
    default void onData(Splits splits) {}

    /** The pretrained weights were loaded; the report says what is new and what was left aside. */
    default void onModel(LoadReport report) {}

    /** Data and model are ready and training starts. */
    default void onBegin(Plan plan) {}

    /** The run is recorded in this directory from now on, for others to follow. */
    default void onRecording(Path directory) {}

    /**
     * The gradients of a step are there, before they are clipped and the weights are changed. Called every step.
     *
     * @param step this step, from 1
     * @param parameters by their Hugging Face names, with their gradients; not to be changed or kept
     */
    default void onGradients(long step, Map<String, Tensor> parameters) {}

    /** A step ended. Called every step; rates are over the last few seconds. */
    default void onStep(Step step) {}

    /** Something that takes long and has no steps goes on: how far it is, in one line. Called often. */
    default void onProgress(String state) {}

    /** The model was measured on the validation data. */
    default void onEvaluation(Evaluation evaluation) {}

    /** A checkpoint was written, from which the run can go on after this step. */
    default void onCheckpoint(Path directory, long step) {}

    /** Something happened that a user should know: a resumed run, a damaged checkpoint, a skipped step; one line. */
    default void onNotice(String notice) {}

    /**
     * What is about to be done.
     *
     * @param model name of the base model
     * @param parameters number of trained parameters
     * @param trainExamples examples in the training split
     * @param validationExamples examples in the validation split
     * @param testExamples examples in the test split, 0 if there is none
     * @param labels number of labels
     * @param truncated training texts that were cut to the maximum length
     * @param steps steps in all
     * @param precision {@code fp32} or {@code bf16}
     * @param threads threads of the engine
     */
    record Plan(
            String model,
            long parameters,
            int trainExamples,
            int validationExamples,
            int testExamples,
            int labels,
            int truncated,
            long steps,
            String precision,
            int threads) {}

    /**
     * A finished step.
     *
     * @param step steps done, from 1
     * @param steps steps in all
     * @param epoch passes over the data done, as a fraction
     * @param loss mean training loss as {@code logging_strategy} has it, the last {@code logging_steps} steps by default;
     *     NaN before the first
     * @param learningRate learning rate of this step
     * @param gradNorm global gradient norm before clipping
     * @param examplesPerSecond examples a second
     * @param tokensPerSecond real tokens a second, padding not counted
     * @param secondsLeft estimated seconds to the last step
     * @param logged whether the loss was computed anew at this step, so that it is worth recording
     */
    record Step(
            long step,
            long steps,
            double epoch,
            double loss,
            double learningRate,
            double gradNorm,
            double examplesPerSecond,
            double tokensPerSecond,
            double secondsLeft,
            boolean logged) {}

    /**
     * A measurement on the validation data.
     *
     * @param step after which step
     * @param epoch after how many passes
     * @param loss mean loss
     * @param report scores
     * @param metric name of the metric by which the best checkpoint is chosen
     * @param best whether this is the best so far, and kept
     * @param probabilities {@code [examples][labels]} in the order of the validation data; not copied, treat as read-only
     */
    record Evaluation(
            long step,
            double epoch,
            double loss,
            Report report,
            String metric,
            boolean best,
            double[][] probabilities) {}
}
