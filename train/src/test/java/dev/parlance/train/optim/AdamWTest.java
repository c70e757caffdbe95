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

    /** Algorithm 2 of the paper, in double precision, for the loss w^2 / 2 whose gradient is w. */
    private static double reference(double w, int steps, double learningRate, double decay) {
        double m = 0;
        double v = 0;
        for (int t = 1; t <= steps; t++) {
            double g = w;
            w -= learningRate * decay * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= learningRate * m / (1 - Math.pow(0.9, t)) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        return w;
    }

    private static double train(String name, int steps, double learningRate) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensor.fromFloats(new float[] {1.5f}, 1).requiresGrad(true);
            try (AdamW optimizer = new AdamW(Map.of(name, w), ARGUMENTS)) {
                for (int i = 0; i < steps; i++) {
                    w.mul(w).mul(0.5).sum().backward();
                    optimizer.step(learningRate);
                }
            }
            return w.detach().item();
        }
    }

    @Test
    void follows_the_paper_over_twenty_steps() {
        assertThat(train("dense.weight", 20, 0.05)).isCloseTo(reference(1.5, 20, 0.05, 0.1), within(1e-5));
    }

    @Test
    void decays_neither_bias_nor_layer_norm() {
        double undecayed = reference(1.5, 20, 0.05, 0);
        assertThat(train("dense.bias", 20, 0.05)).isCloseTo(undecayed, within(1e-5));
        assertThat(train("output.LayerNorm.weight", 20, 0.05)).isCloseTo(undecayed, within(1e-5));
        assertThat(undecayed).isNotCloseTo(reference(1.5, 20, 0.05, 0.1), within(1e-3));
    }

    @Test
    void clears_gradients_after_the_step() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensor.fromFloats(new float[] {1}, 1).requiresGrad(true);
            try (AdamW optimizer = new AdamW(Map.of("weight", w), ARGUMENTS)) {
                w.sum().backward();
                optimizer.step(0.1);
                Tensor gradient = w.grad();
                assertThat(gradient == null || gradient.item() == 0).isTrue();
            }
        }
    }
}
