package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import java.util.List;

/**
 * The one-cycle policy (Smith and Topin, 2018) as torch.optim's OneCycleLR has it: up to the peak, then down to far below the
 * start. Momentum is not cycled.
 */
final class OneCycle implements Schedule {
    /** Up to a step, from one share of the peak to another. */
    private record Phase(double lastStep, double from, double to) {}

    private final List<Phase> phases;
    private final boolean cosine;

    private OneCycle(List<Phase> phases, boolean cosine) {
        this.phases = phases;
        this.cosine = cosine;
    }

    static OneCycle of(NamedValues kwargs, long steps) {
        double start = 1 / kwargs.number("div_factor", 25);
        double end = start / kwargs.number("final_div_factor", 1e4);
        double top = kwargs.number("pct_start", 0.3) * steps;
        List<Phase> phases = kwargs.flag("three_phase", false)
                ? List.of(
                        new Phase(top - 1, start, 1),
                        new Phase(2 * top - 2, 1, start),
                        new Phase(steps - 1, start, end))
                : List.of(new Phase(top - 1, start, 1), new Phase(steps - 1, 1, end));
        return new OneCycle(phases, kwargs.word("anneal_strategy", "cos").equals("cos"));
    }

    @Override
    public double factor(long step) {
        int index = 0;
        double first = 0;
        while (step > phases.get(index).lastStep() && index < phases.size() - 1) {
            first = phases.get(index++).lastStep();
        }
        Phase phase = phases.get(index);
        double length = phase.lastStep() - first;
        double done = length == 0 ? 1 : Math.min(1, (step - first) / length);
        return between(phase.from(), phase.to(), done);
    }

    private double between(double from, double to, double done) {
        return cosine ? to + (from - to) / 2 * (1 + Math.cos(Math.PI * done)) : from + (to - from) * done;
    }
}
