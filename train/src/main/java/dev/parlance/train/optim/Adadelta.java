package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Adadelta (Zeiler, 2012, algorithm 1) as torch.optim.Adadelta has it: a learning rate, 1 in the paper, scales the update, and
 * weight decay is added to the gradient.
 */
final class Adadelta extends ShardedOptimizer {
    private final double rho;
    private final double epsilon;

    Adadelta(List<ParameterGroup> groups, NamedValues args, int shards) {
        super(groups, shards, Cut.BY_CACHE, zeros("square_avg", "acc_delta"));
        rho = args.number("rho", 0.9);
        epsilon = args.number("eps", 1e-6);
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        Tensor g = decayedGradient(piece, gradient, rate);
        Tensor squares = piece.state("square_avg").mulInPlace(rho).addcmulInPlace(g, g, 1 - rho);
        Tensor deltas = piece.state("acc_delta");
        Tensor delta = deltas.add(epsilon).div(squares.add(epsilon)).sqrt().mulInPlace(g);
        deltas.mulInPlace(rho).addcmulInPlace(delta, delta, 1 - rho);
        piece.part().addInPlace(delta, -rate.learningRate());
    }
}
