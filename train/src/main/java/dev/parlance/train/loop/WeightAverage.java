package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An average of the weights over the steps, which generalizes better than the last weights do. Both kinds are
 * {@code average += rate * (weights - average)}.
 *
 * <p>Exponential moving average: the rate is {@code 1 - decay}, or {@code 1 - (1 + n) / (10 + n)} after n updates if that is
 * more, as in TensorFlow's {@code ExponentialMovingAverage}, so that short runs leave the pretrained weights behind too.
 *
 * <p>Stochastic weight averaging (Izmailov et al. 2018, Averaging Weights Leads to Wider Optima and Better Generalization):
 * the plain mean of the weights at the end of each epoch, or every {@code swa_steps}, once a share of the steps is done.
 */
final class WeightAverage implements AutoCloseable {
    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();
    private final List<String> names;
    private final TrainingArguments arguments;
    private final long steps;
    private long count;

    /**
     * An average of what a run of so many steps makes of the parameters; it takes memory only if the settings want one.
     *
     * @param parameters by name, whose values a moving average starts with
     */
    WeightAverage(Map<String, Tensor> parameters, TrainingArguments arguments, long steps) {
        this.parameters = parameters;
        this.arguments = arguments;
        this.steps = steps;
        if (isWanted()) {
            parameters.forEach((name, parameter) ->
                    averages.put(name, TensorScope.retain(parameter.detach().copy())));
        }
        this.names = List.copyOf(averages.keySet());
    }

    /** Whether the settings want an average. */
    boolean isWanted() {
        return arguments.emaDecay() > 0 || arguments.swaStart() > 0;
    }

    /** Takes in the weights after an update, if it is their turn. */
    void afterUpdate(long step, boolean epochEnds, Workers workers) {
        if (isDue(step, epochEnds)) {
            double rate = rate();
            count++;
            workers.onAll(Phase.AVERAGE, worker -> {
                add(worker, workers.count(), rate);
                return worker;
            });
        }
    }

    private boolean isDue(long step, boolean epochEnds) {
        if (arguments.swaStart() == 0) {
            return isWanted();
        }
        if (step < Math.ceil(arguments.swaStart() * steps)) {
            return false;
        }
        boolean turn = arguments.swaSteps() == 0 ? epochEnds : step % arguments.swaSteps() == 0;
        return turn || (step == steps && count == 0); // the last one rather than none
    }

    private double rate() {
        return arguments.swaStart() > 0
                ? 1.0 / (count + 1)
                : Math.max(1 - arguments.emaDecay(), 1 - (1.0 + count) / (10.0 + count));
    }

    /** One of several threads updates every so-manieth tensor. */
    private void add(int worker, int workers, double rate) {
        try (Torch.Guard guard = Torch.noGrad()) {
            for (int i = worker; i < names.size(); i += workers) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor average = Objects.requireNonNull(averages.get(names.get(i)));
                    Tensor weights = Objects.requireNonNull(parameters.get(names.get(i)));
                    if (rate == 1) {
                        average.copyFrom(weights);
                    } else {
                        average.addInPlace(weights.sub(average), rate); // none where they are the same: frozen ones
                    }
                }
            }
        }
    }

    /** Gives the model the averaged weights, if there are any yet, until the result is closed. */
    Swap swapIn() {
        boolean swapped = count > 0;
        if (swapped) {
            exchange();
        }
        return new Swap(swapped);
    }

    /** The time in which the model has the averaged weights. */
    final class Swap implements AutoCloseable {
        private boolean swapped;

        private Swap(boolean swapped) {
            this.swapped = swapped;
        }

        /** Gives the model its own weights back. */
        @Override
        public void close() {
            if (swapped) {
                swapped = false;
                exchange();
            }
        }
    }

    private void exchange() {
        try (Torch.Guard guard = Torch.noGrad()) {
            averages.forEach((name, average) -> {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor weights = Objects.requireNonNull(parameters.get(name));
                    Tensor own = weights.copy();
                    weights.copyFrom(average);
                    average.copyFrom(own);
                }
            });
        }
    }

    /** How many weights were averaged. */
    long count() {
        return count;
    }

    /** The averages by the names of the parameters, to be saved or filled; none if none is wanted. */
    Map<String, Tensor> averages() {
        return averages;
    }

    /** Goes on with averages that {@link #averages} were filled with. */
    void restore(long saved) {
        count = saved;
    }

    @Override
    public void close() {
        averages.values().forEach(Tensor::close);
    }
}
