package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.train.tensor.FusedOptimizers;
import dev.parlance.train.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Adagrad (Duchi et al., 2011) as torch.optim.Adagrad has it: weight decay is added to the gradient. */
final class Adagrad extends ShardedOptimizer {
    private final double epsilon;
    private final double decay;

    Adagrad(List<ParameterGroup> groups, NamedValues args, int shards) {
        super(
                groups,
                shards,
                Cut.BY_SHARD,
                parameter ->
                        Map.of("sum", parameter.zerosLike().fillInPlace(args.number("initial_accumulator_value", 0))));
        epsilon = args.number("eps", 1e-10);
        decay = args.number("lr_decay", 0);
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        FusedOptimizers.adagrad(
                List.of(piece.part()),
                List.of(gradient),
                List.of(piece.state("sum")),
                new FusedOptimizers.Rate(rate.learningRate(), rate.weightDecay(), rate.gradFactor()),
                piece.parameter().steps(),
                decay,
                epsilon);
    }
}
