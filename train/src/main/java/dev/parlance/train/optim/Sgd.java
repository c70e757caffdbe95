package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.config.OptimizerKind;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.FusedOptimizers;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Gradient descent, with classical momentum or Nesterov's (Sutskever et al., 2013) if asked for, as torch.optim.SGD has it:
 * weight decay is added to the gradient, and the first update takes over the gradient undampened.
 */
final class Sgd extends ShardedOptimizer {
    private final double momentum;
    private final double dampening;
    private final boolean nesterov;

    Sgd(List<ParameterGroup> groups, TrainingArguments arguments, int shards) {
        this(groups, arguments.optimizerKind(), arguments.optimArgs(), shards);
    }

    private Sgd(List<ParameterGroup> groups, OptimizerKind kind, NamedValues args, int shards) {
        super(groups, shards, Cut.BY_SHARD, kind.momentum(args) == 0 ? zeros() : zeros("momentum_buffer"));
        momentum = kind.momentum(args);
        dampening = args.number("dampening", 0);
        nesterov = kind.nesterov(args);
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        FusedOptimizers.sgd(
                List.of(piece.part()),
                List.of(gradient),
                momentum == 0 ? List.of() : List.of(piece.state("momentum_buffer")),
                new FusedOptimizers.Rate(rate.learningRate(), rate.weightDecay(), rate.gradFactor()),
                momentum,
                dampening,
                nesterov,
                piece.parameter().steps() == 1);
    }
}
