package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedAdamW;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2). Biases and layer norms are not
 * decayed, as in transformers' Trainer. Not thread-safe.
 */
public final class AdamW implements AutoCloseable {
    private final TrainingArguments arguments;
    private final Group decayed = new Group();
    private final Group notDecayed = new Group();
    private long steps;

    /**
     * Keeps the parameters and two moments for each.
     *
     * @param parameters trained tensors by their Hugging Face names, which decide what is decayed
     */
    public AdamW(Map<String, Tensor> parameters, TrainingArguments arguments) {
        this.arguments = arguments;
        parameters.forEach((name, parameter) -> (isDecayed(name) ? decayed : notDecayed).add(parameter));
    }

    static boolean isDecayed(String name) {
        return !name.endsWith("bias") && !name.contains("LayerNorm") && !name.contains("layer_norm");
    }

    /** Updates every parameter that has a gradient, then clears the gradients. */
    public void step(double learningRate) {
        steps++;
        try (Torch.Guard guard = Torch.noGrad()) {
            decayed.step(settings(learningRate, arguments.weightDecay()));
            notDecayed.step(settings(learningRate, 0));
        }
    }

    private FusedAdamW.Settings settings(double learningRate, double weightDecay) {
        return new FusedAdamW.Settings(
                steps,
                learningRate,
                arguments.adamBeta1(),
                arguments.adamBeta2(),
                arguments.adamEpsilon(),
                weightDecay);
    }

    /** Frees the moments. */
    @Override
    public void close() {
        decayed.close();
        notDecayed.close();
    }

    /** Parameters that share their settings; the lists run in parallel. */
    private static final class Group {
        private final List<Tensor> parameters = new ArrayList<>();
        private final List<Tensor> firstMoments = new ArrayList<>();
        private final List<Tensor> secondMoments = new ArrayList<>();

        void add(Tensor parameter) {
            parameters.add(parameter);
            firstMoments.add(parameter.zerosLike());
            secondMoments.add(parameter.zerosLike());
        }

        void step(FusedAdamW.Settings settings) {
            List<Integer> ready = new ArrayList<>();
            List<Tensor> gradients = new ArrayList<>();
            for (int i = 0; i < parameters.size(); i++) {
                Tensor gradient = parameters.get(i).grad();
                if (gradient != null) {
                    ready.add(i);
                    gradients.add(gradient);
                }
            }
            FusedAdamW.step(
                    pick(parameters, ready),
                    gradients,
                    pick(firstMoments, ready),
                    pick(secondMoments, ready),
                    settings);
            parameters.forEach(Tensor::clearGrad);
        }

        private static List<Tensor> pick(List<Tensor> tensors, List<Integer> indices) {
            return indices.stream().map(tensors::get).toList();
        }

        void close() {
            firstMoments.forEach(Tensor::close);
            secondMoments.forEach(Tensor::close);
        }
    }
}
