package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedOptimizers;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba, 2015), whose weight decay is added to the gradient and so is scaled like it, and AdamW (Loshchilov
 * and Hutter, 2019, algorithm 2), whose weight decay is decoupled; both as torch.optim has them.
 */
final class Adam extends ShardedOptimizer {
    private final TrainingArguments arguments;
    private final boolean decoupled;

    Adam(List<ParameterGroup> groups, TrainingArguments arguments, boolean decoupled, int shards) {
        super(groups, shards, Cut.BY_SHARD, zeros("exp_avg", "exp_avg_sq"));
        this.arguments = arguments;
        this.decoupled = decoupled;
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        List<Tensor> parameters = List.of(piece.part());
        List<Tensor> gradients = List.of(gradient);
        FusedOptimizers.Moments moments =
                new FusedOptimizers.Moments(List.of(piece.state("exp_avg")), List.of(piece.state("exp_avg_sq")));
        FusedOptimizers.Rate fused =
                new FusedOptimizers.Rate(rate.learningRate(), rate.weightDecay(), rate.gradFactor());
        FusedOptimizers.Betas betas =
                new FusedOptimizers.Betas(arguments.adamBeta1(), arguments.adamBeta2(), arguments.adamEpsilon());
        long step = piece.parameter().steps();
        if (decoupled) {
            FusedOptimizers.adamW(parameters, gradients, moments, fused, betas, step);
        } else {
            FusedOptimizers.adam(parameters, gradients, moments, fused, betas, step);
        }
    }
}
