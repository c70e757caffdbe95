package dev.parlance.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final TrainingArguments ARGUMENTS =
            RunConfig.defaults().with("training.weight_decay", 0.1).training();

    /** Algorithm 2 of the paper, in double precision, for the loss factor * w^2 / 2 whose gradient is factor * w. */
    private static double reference(double w, int steps, double decay, double factor) {
        double learningRate = 0.05;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= steps; t++) {
            double g = factor * w;
            w -= learningRate * decay * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= learningRate * m / (1 - Math.pow(0.9, t)) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        return w;
    }

    /** Twenty steps on the loss w^2 / 2 from the given start. */
    private static float[] train(String name, int shards, double gradFactor, float... start) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensor.fromFloats(start, start.length).requiresGrad(true);
            try (AdamW optimizer = new AdamW(Map.of(name, w), ARGUMENTS, shards)) {
                for (int i = 0; i < 20; i++) {
                    w.mul(w).mul(0.5).sum().backward();
                    optimizer.beginStep();
                    for (int shard = 0; shard < shards; shard++) {
                        optimizer.step(shard, 0.05, gradFactor);
                    }
                    w.clearGrad();
                }
            }
            return w.detach().toFloats();
        }
    }

    @Test
    void follows_the_paper_over_twenty_steps() {
        assertThat(train("dense.weight", 1, 1, 1.5f)[0]).isCloseTo((float) reference(1.5, 20, 0.1, 1), within(1e-5f));
    }

    @Test
    void decays_neither_bias_nor_layer_norm() {
        float undecayed = (float) reference(1.5, 20, 0, 1);
        assertThat(train("dense.bias", 1, 1, 1.5f)[0]).isCloseTo(undecayed, within(1e-5f));
        assertThat(train("output.LayerNorm.weight", 1, 1, 1.5f)[0]).isCloseTo(undecayed, within(1e-5f));
        assertThat(undecayed).isNotCloseTo((float) reference(1.5, 20, 0.1, 1), within(1e-3f));
    }

    @Test
    void multiplies_gradients_with_the_clip_factor() {
        float clipped = train("dense.weight", 1, 1e-8, 1.5f)[0];
        assertThat(clipped).isCloseTo((float) reference(1.5, 20, 0.1, 1e-8), within(1e-5f));
        assertThat(clipped).isNotCloseTo((float) reference(1.5, 20, 0.1, 1), within(1e-2f));
    }

    @Test
    void shards_change_no_bit() {
        float[] start = {1.5f, -2, 0.25f, 3, 1, 0.5f, -0.75f};
        assertThat(train("dense.weight", 3, 1, start)).isEqualTo(train("dense.weight", 1, 1, start));
    }

    @Test
    void shards_together_have_the_whole_gradient_norm() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensor.fromFloats(new float[] {1, 2, 3, 4}, 4).requiresGrad(true);
            w.mul(w).mul(0.5).sum().backward();
            try (AdamW optimizer = new AdamW(Map.of("weight", w), ARGUMENTS, 2)) {
                assertThat(optimizer.squaredGradNorm(0) + optimizer.squaredGradNorm(1))
                        .isCloseTo(30, within(1e-5));
                assertThat(optimizer.squaredGradNorm(0)).isNotCloseTo(30, within(1.0));
            }
        }
    }
}
