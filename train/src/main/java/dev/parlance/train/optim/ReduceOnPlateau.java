package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Multiplies the learning rate with a factor when the score of an evaluation has not improved for more than {@code patience}
 * evaluations, as torch.optim's ReduceLROnPlateau does. There is no warmup.
 */
final class ReduceOnPlateau implements Schedule {
    private final double peak;
    private final double reduction;
    private final double patience;
    private final double threshold;
    private final boolean relative;
    private final double cooldown;
    private final double minimum;
    private final double epsilon;

    private double factor = 1;
    private double best = Double.NaN;
    private double badEvaluations;
    private double coolingDown;

    ReduceOnPlateau(NamedValues kwargs, double peak) {
        this.peak = peak;
        reduction = kwargs.number("factor", 0.1);
        patience = kwargs.number("patience", 10);
        threshold = kwargs.number("threshold", 1e-4);
        relative = kwargs.word("threshold_mode", "rel").equals("rel");
        cooldown = kwargs.number("cooldown", 0);
        minimum = kwargs.number("min_lr", 0);
        epsilon = kwargs.number("eps", 1e-8);
    }

    @Override
    public double factor(long step) {
        return factor;
    }

    @Override
    public void onEvaluation(double score, boolean greaterIsBetter) {
        if (isBetter(score, greaterIsBetter)) {
            best = score;
            badEvaluations = 0;
        } else {
            badEvaluations++;
        }
        if (coolingDown > 0) {
            coolingDown--;
            badEvaluations = 0;
        }
        if (badEvaluations > patience) {
            reduce();
            coolingDown = cooldown;
            badEvaluations = 0;
        }
    }

    private boolean isBetter(double score, boolean greaterIsBetter) {
        double margin = relative ? Math.abs(best) * threshold : threshold;
        return Double.isNaN(best) || (greaterIsBetter ? score > best + margin : score < best - margin);
    }

    private void reduce() {
        double before = peak * factor;
        double after = Math.max(before * reduction, minimum);
        if (before - after > epsilon) {
            factor = after / peak;
        }
    }

    @Override
    public Map<String, Double> state() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("factor", factor);
        state.put("num_bad_epochs", badEvaluations);
        state.put("cooldown_counter", coolingDown);
        if (!Double.isNaN(best)) {
            state.put("best", best);
        }
        return state;
    }

    @Override
    public void restore(Map<String, Double> state) {
        factor = state.getOrDefault("factor", 1.0);
        badEvaluations = state.getOrDefault("num_bad_epochs", 0.0);
        coolingDown = state.getOrDefault("cooldown_counter", 0.0);
        best = state.getOrDefault("best", Double.NaN);
    }
}
