package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedOptimizers;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba, 2015) as torch.optim.Adam has it: weight decay is added to the gradient, and so is scaled like it.
 */
final class Adam extends ShardedOptimizer {
    private final TrainingArguments arguments;

    Adam(List<ParameterGroup> groups, TrainingArguments arguments, int shards) {
        super(groups, shards, Cut.BY_SHARD, zeros("exp_avg", "exp_avg_sq"));
        this.arguments = arguments;
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        FusedOptimizers.adam(
                List.of(piece.part()),
                List.of(gradient),
                new FusedOptimizers.Moments(List.of(piece.state("exp_avg")), List.of(piece.state("exp_avg_sq"))),
                new FusedOptimizers.Rate(rate.learningRate(), rate.weightDecay(), rate.gradFactor()),
                new FusedOptimizers.Betas(arguments.adamBeta1(), arguments.adamBeta2(), arguments.adamEpsilon()),
                piece.parameter().steps());
    }
}
