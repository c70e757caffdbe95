package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedOptimizers;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/** AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2). */
public final class AdamW extends ShardedOptimizer {
    private final TrainingArguments arguments;

    /**
     * Keeps two moments for each parameter.
     *
     * @param shards how many parts can be updated at once, at least 1
     */
    public AdamW(List<ParameterGroup> groups, TrainingArguments arguments, int shards) {
        super(groups, shards, Cut.BY_SHARD, zeros("exp_avg", "exp_avg_sq"));
        this.arguments = arguments;
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        FusedOptimizers.adamW(
                List.of(piece.part()),
                List.of(gradient),
                new FusedOptimizers.Moments(List.of(piece.state("exp_avg")), List.of(piece.state("exp_avg_sq"))),
                new FusedOptimizers.Rate(rate.learningRate(), rate.weightDecay(), rate.gradFactor()),
                new FusedOptimizers.Betas(arguments.adamBeta1(), arguments.adamBeta2(), arguments.adamEpsilon()),
                piece.parameter().steps());
    }
}
