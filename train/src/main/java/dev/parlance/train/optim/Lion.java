package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Lion (Chen et al., 2023, program 1): steps of one size in the direction of the sign, decoupled weight decay. It wants a
 * learning rate 3 to 10 times smaller than AdamW's.
 */
final class Lion extends ShardedOptimizer {
    private final double beta1;
    private final double beta2;

    Lion(List<ParameterGroup> groups, TrainingArguments arguments, int shards) {
        super(groups, shards, Cut.BY_CACHE, zeros("exp_avg"));
        beta1 = arguments.adamBeta1();
        beta2 = arguments.adamBeta2();
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        Tensor g = gradient.mul(rate.gradFactor());
        Tensor momentum = piece.state("exp_avg");
        Tensor direction = momentum.mul(beta1).addInPlace(g, 1 - beta1).sign();
        Tensor part = piece.part();
        if (rate.weightDecay() > 0) {
            part.mulInPlace(1 - rate.learningRate() * rate.weightDecay());
        }
        part.addInPlace(direction, -rate.learningRate());
        momentum.mulInPlace(beta2).addInPlace(g, 1 - beta2);
    }
}
