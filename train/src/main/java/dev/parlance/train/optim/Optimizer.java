package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Turns gradients into better weights. The parameters are dealt out to shards, so that as many threads can update them at
 * once: methods that take a shard may run at the same time for different shards, and what a step makes of the weights does
 * not depend on how many there are.
 *
 * <pre>{@code
 * optimizer.beginStep();                                            // gradients are there
 * workers.onAll(shard -> optimizer.step(shard, learningRate, 1));   // every shard once
 * }</pre>
 *
 * <p>A parameter without a gradient keeps its weights, and its state and count of steps too.
 */
public interface Optimizer extends AutoCloseable {
    /** Begins the next step, for which the gradients are there; then every shard is to be stepped once. */
    void beginStep();

    /** Sum of the squares of a shard's gradients; the root of the sum over all shards is the global norm. */
    double squaredGradNorm(int shard);

    /**
     * Updates the parameters of a shard that have gradients.
     *
     * @param learningRate before the scale of each group
     * @param gradFactor what gradients are multiplied with first, to clip them; in (0, 1]
     */
    void step(int shard, double learningRate, double gradFactor);

    /**
     * Everything that the optimizer remembers between steps: tensors named {@code exp_avg/} and the parameter's name, and
     * so on, in the parameter's shape or a smaller one, however many shards there are; and {@code step/} and the name, the
     * number of its updates as a float32 [1]. They are float32, contiguous and live: copy or write them between steps.
     */
    Map<String, Tensor> state();

    /**
     * Takes over a copy of a state, after which this optimizer goes on, bit by bit, as the one that it came from.
     *
     * @throws dev.parlance.config.UserError if it has other names or shapes, being that of another optimizer or model
     */
    void restore(Map<String, Tensor> state);

    /** Frees the state. Closing twice is safe. */
    @Override
    void close();

    /**
     * The optimizer that {@code training.optim} names, with nothing remembered.
     *
     * @param shards how many parts can be updated at once, at least 1
     */
    static Optimizer of(List<ParameterGroup> groups, TrainingArguments arguments, int shards) {
        return switch (arguments.optimizerKind()) {
            case ADAMW -> new Adam(groups, arguments, true, shards);
            case ADAM -> new Adam(groups, arguments, false, shards);
            case SGD, MOMENTUM, NESTEROV -> new Sgd(groups, arguments, shards);
            case ADAGRAD -> new Adagrad(groups, arguments.optimArgs(), shards);
            case RMSPROP -> new RmsProp(groups, arguments.optimArgs(), shards);
            case ADADELTA -> new Adadelta(groups, arguments.optimArgs(), shards);
            case LION -> new Lion(groups, arguments, shards);
            case ADAFACTOR -> new Adafactor(groups, arguments.optimArgs(), shards);
        };
    }
}
