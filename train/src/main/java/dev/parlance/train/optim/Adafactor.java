package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.train.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern, 2018, algorithm 4) as transformers has it: the second moments of a matrix are kept as means of
 * its rows and columns, updates are clipped by their root mean square, weight decay is decoupled. As from transformers'
 * Trainer, {@code relative_step} and {@code scale_parameter} are off unless asked for. With {@code relative_step} the learning
 * rate, 1 by default, multiplies the one that it computes.
 */
final class Adafactor extends ShardedOptimizer {
    private final double decayRate;
    private final double clipThreshold;
    private final double beta1;
    private final boolean scaleParameter;
    private final boolean relativeStep;
    private final boolean warmupInit;
    private final double squareEpsilon;
    private final double scaleEpsilon;

    Adafactor(List<ParameterGroup> groups, NamedValues args, int shards) {
        super(groups, shards, Cut.WHOLE, parameter -> newState(parameter, args.number("beta1", 0) > 0));
        decayRate = args.number("decay_rate", -0.8);
        clipThreshold = args.number("clip_threshold", 1);
        beta1 = args.number("beta1", 0);
        scaleParameter = args.flag("scale_parameter", false);
        relativeStep = args.flag("relative_step", false);
        warmupInit = args.flag("warmup_init", false);
        squareEpsilon = args.number("eps1", 1e-30);
        scaleEpsilon = args.number("eps2", 1e-3);
    }

    private static Map<String, Tensor> newState(Tensor parameter, boolean firstMoment) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        if (isFactored(parameter)) {
            state.put("exp_avg_sq_row", parameter.sum(-1, false).zeroInPlace());
            state.put("exp_avg_sq_col", parameter.sum(-2, false).zeroInPlace());
        } else {
            state.put("exp_avg_sq", parameter.zerosLike());
        }
        if (firstMoment) {
            state.put("exp_avg", parameter.zerosLike());
        }
        return state;
    }

    private static boolean isFactored(Tensor parameter) {
        return parameter.rank() >= 2;
    }

    @Override
    void update(Piece piece, Tensor gradient, Rate rate) {
        Tensor g = gradient.mul(rate.gradFactor());
        double learningRate = learningRate(piece, rate);
        double decay = 1 - Math.pow((double) piece.parameter().steps(), decayRate);
        Tensor squares = g.mul(g).addInPlace(squareEpsilon);
        Tensor update = (isFactored(piece.part()) ? factored(piece, squares, decay) : plain(piece, squares, decay))
                .mulInPlace(g);
        double clip = Math.max(1, rms(update) / clipThreshold);
        update.mulInPlace(learningRate / clip);
        if (beta1 > 0) {
            update = piece.state("exp_avg").mulInPlace(beta1).addInPlace(update, 1 - beta1);
        }
        if (rate.weightDecay() > 0) {
            piece.part().mulInPlace(1 - learningRate * rate.weightDecay());
        }
        piece.part().addInPlace(update, -1);
    }

    private double learningRate(Piece piece, Rate rate) {
        double scale = scaleParameter ? Math.max(scaleEpsilon, rms(piece.part())) : 1;
        long step = piece.parameter().steps();
        double relative = relativeStep ? Math.min(warmupInit ? 1e-6 * step : 1e-2, 1 / Math.sqrt((double) step)) : 1;
        return rate.learningRate() * scale * relative;
    }

    /** Approximate inverse root of the second moments from their means over rows and over columns. */
    private static Tensor factored(Piece piece, Tensor squares, double decay) {
        Tensor rows = average(piece.state("exp_avg_sq_row"), mean(squares, -1, false), decay); // [rows]
        Tensor columns = average(piece.state("exp_avg_sq_col"), mean(squares, -2, false), decay); // [columns]
        Tensor rowFactor = rows.div(mean(rows, -1, true)).rsqrt().unsqueeze(-1); // [rows, 1]
        return rowFactor.mul(columns.rsqrt().unsqueeze(-2)); // [rows, columns]
    }

    private static Tensor plain(Piece piece, Tensor squares, double decay) {
        return average(piece.state("exp_avg_sq"), squares, decay).rsqrt();
    }

    private static Tensor average(Tensor state, Tensor value, double decay) {
        return state.mulInPlace(decay).addInPlace(value, 1 - decay);
    }

    private static Tensor mean(Tensor tensor, int dim, boolean keepDim) {
        return tensor.sum(dim, keepDim).mulInPlace(1.0 / tensor.size(dim));
    }

    private static double rms(Tensor tensor) {
        return tensor.norm().item() / Math.sqrt((double) tensor.numel());
    }
}
