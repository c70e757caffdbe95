package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedAdamW;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2). Biases and layer norms are not
 * decayed, as in transformers' Trainer.
 *
 * <p>The parameters are dealt out to shards of about the same size, large ones cut by rows, so that as many threads can
 * update them at once. Methods that take a shard may run at the same time for different shards; what they compute does not
 * depend on it.
 */
public final class AdamW implements AutoCloseable {
    private final TrainingArguments arguments;
    private final List<List<Piece>> shards = new ArrayList<>();
    private long steps;

    /**
     * Keeps two moments for each parameter.
     *
     * @param parameters trained tensors by their Hugging Face names, which decide what is decayed
     * @param shards how many parts can be updated at once, at least 1
     */
    public AdamW(Map<String, Tensor> parameters, TrainingArguments arguments, int shards) {
        this.arguments = arguments;
        long total = parameters.values().stream().mapToLong(Tensor::numel).sum();
        List<Piece> pieces = new ArrayList<>();
        parameters.forEach((name, tensor) -> Piece.cut(tensor, isDecayed(name), total / shards + 1, pieces));
        pieces.sort(Comparator.comparingLong(Piece::size).reversed());
        long[] sizes = new long[shards];
        for (int i = 0; i < shards; i++) {
            this.shards.add(new ArrayList<>());
        }
        for (Piece piece : pieces) {
            int smallest = indexOfSmallest(sizes);
            this.shards.get(smallest).add(piece);
            sizes[smallest] += piece.size();
        }
    }

    static boolean isDecayed(String name) {
        return !name.endsWith("bias") && !name.contains("LayerNorm") && !name.contains("layer_norm");
    }

    private static int indexOfSmallest(long[] sizes) {
        int smallest = 0;
        for (int i = 1; i < sizes.length; i++) {
            smallest = sizes[i] < sizes[smallest] ? i : smallest;
        }
        return smallest;
    }

    /** Begins the next step; then every shard is to be stepped once. */
    public void beginStep() {
        steps++;
    }

    /** Sum of the squares of a shard's gradients; the root of the sum over all shards is the global norm. */
    public double squaredGradNorm(int shard) {
        double sum = 0;
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            for (Piece piece : shards.get(shard)) {
                Tensor gradient = piece.gradient();
                double norm = gradient == null ? 0 : gradient.norm().item();
                sum += norm * norm;
            }
        }
        return sum;
    }

    /**
     * Updates the parameters of a shard that have gradients.
     *
     * @param gradFactor what gradients are multiplied with first, to clip them; in (0, 1]
     */
    public void step(int shard, double learningRate, double gradFactor) {
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            step(shards.get(shard), true, learningRate, gradFactor);
            step(shards.get(shard), false, learningRate, gradFactor);
        }
    }

    private void step(List<Piece> shard, boolean decayed, double learningRate, double gradFactor) {
        List<Tensor> parameters = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> firstMoments = new ArrayList<>();
        List<Tensor> secondMoments = new ArrayList<>();
        for (Piece piece : shard) {
            Tensor gradient = piece.decayed() == decayed ? piece.gradient() : null;
            if (gradient != null) {
                parameters.add(piece.part());
                gradients.add(gradient);
                firstMoments.add(piece.firstMoment());
                secondMoments.add(piece.secondMoment());
            }
        }
        FusedAdamW.step(
                parameters,
                gradients,
                firstMoments,
                secondMoments,
                new FusedAdamW.Settings(
                        steps,
                        learningRate,
                        arguments.adamBeta1(),
                        arguments.adamBeta2(),
                        arguments.adamEpsilon(),
                        decayed ? arguments.weightDecay() : 0,
                        gradFactor));
    }

    /** Frees the moments. */
    @Override
    public void close() {
        shards.forEach(shard -> shard.forEach(Piece::close));
    }

    /** Some rows of a parameter, under the parameter's own memory, with their moments. */
    private record Piece(
            Tensor parameter,
            long from,
            long to,
            boolean decayed,
            Tensor part,
            Tensor firstMoment,
            Tensor secondMoment) {
        /** Cuts a parameter by rows into pieces of about {@code maxSize} numbers. */
        static void cut(Tensor parameter, boolean decayed, long maxSize, List<Piece> pieces) {
            long rows = parameter.size(0);
            long parts = Math.min(rows, (parameter.numel() + maxSize - 1) / maxSize);
            for (long i = 0; i < parts; i++) {
                pieces.add(of(parameter, rows * i / parts, rows * (i + 1) / parts, decayed));
            }
        }

        private static Piece of(Tensor parameter, long from, long to, boolean decayed) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor part = TensorScope.retain(parameter.detach().slice(0, from, to));
                Tensor first = TensorScope.retain(part.zerosLike());
                Tensor second = TensorScope.retain(part.zerosLike());
                return new Piece(parameter, from, to, decayed, part, first, second);
            }
        }

        long size() {
            return part.numel();
        }

        @Nullable
        Tensor gradient() {
            Tensor gradient = parameter.grad();
            return gradient == null ? null : gradient.slice(0, from, to);
        }

        void close() {
            part.close();
            firstMoment.close();
            secondMoment.close();
        }
    }
}
