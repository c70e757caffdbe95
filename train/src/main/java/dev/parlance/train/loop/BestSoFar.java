package dev.parlance.train.loop;

import dev.parlance.metric.Report;
import dev.parlance.train.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The best measurement so far and a copy of the weights that it was made with. */
final class BestSoFar implements AutoCloseable {
    private final BestWeights weights;
    private @Nullable Measurement measurement;

    /** A measurement: after which step, its score (larger is better), all its numbers. */
    record Measurement(long step, double score, Report report) {}

    BestSoFar(Map<String, Tensor> parameters) {
        this.weights = new BestWeights(parameters);
    }

    /** Keeps the model's weights if it is better than what was; says whether it is. */
    boolean offer(Measurement made) {
        if (measurement != null && made.score() <= measurement.score()) {
            return false;
        }
        weights.save();
        measurement = made;
        return true;
    }

    /** Null before the first measurement. */
    @Nullable
    Measurement measurement() {
        return measurement;
    }

    @Nullable
    Double score() {
        return measurement == null ? null : measurement.score();
    }

    /** Gives the model the best weights and says what they were measured at. */
    Measurement bringBack() {
        weights.restore();
        return Objects.requireNonNull(measurement, "nothing was measured");
    }

    /** Takes over a measurement whose weights {@link #weights} were filled with. */
    void restore(Measurement saved) {
        measurement = saved;
    }

    BestWeights weights() {
        return weights;
    }

    @Override
    public void close() {
        weights.close();
    }
}
