package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton, 2012) as torch.optim.RMSprop has it, with momentum and with centring (Graves, 2013, equation
 * 40) if asked for; weight decay is added to the gradient.
 */
final class RmsProp extends ShardedOptimizer {
    private final double alpha;
    private final double epsilon;
    private final double momentum;
    private final boolean centered;

    RmsProp(List<ParameterGroup> groups, NamedValues args, int shards) {
        super(groups, shards, Cut.BY_CACHE, zeros(stateNames(args)));
        alpha = args.number("alpha", 0.99);
        epsilon = args.number("eps", 1e-8);
        momentum = args.number("momentum", 0);
        centered = args.flag("centered", false);
    }

    private static String[] stateNames(NamedValues args) {
        List<String> names = new ArrayList<>(List.of("square_avg"));
        if (args.number("momentum", 0) > 0) {
            names.add("momentum_buffer");
        }
        if (args.flag("centered", false)) {
            names.add("grad_avg");
        }
        return names.toArray(new String[0]);
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        Tensor g = decayedGradient(piece, gradient, rate);
        Tensor squares = piece.state("square_avg").mulInPlace(alpha).addcmulInPlace(g, g, 1 - alpha);
        Tensor denominator = variance(piece, squares, g).sqrt().add(epsilon);
        if (momentum == 0) {
            piece.part().addcdivInPlace(g, denominator, -rate.learningRate());
        } else {
            Tensor buffer = piece.state("momentum_buffer").mulInPlace(momentum).addcdivInPlace(g, denominator, 1);
            piece.part().addInPlace(buffer, -rate.learningRate());
        }
    }

    /** Where gradients hardly change, rounding could make the variance negative. */
    private Tensor variance(Piece piece, Tensor squares, Tensor g) {
        if (!centered) {
            return squares;
        }
        Tensor mean = piece.state("grad_avg").mulInPlace(alpha).addInPlace(g, 1 - alpha);
        return squares.copy().addcmulInPlace(mean, mean, -1).relu();
    }
}
