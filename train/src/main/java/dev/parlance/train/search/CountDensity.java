package dev.parlance.train.search;

import java.util.List;
import java.util.SplittableRandom;

/** For values without order: how often each occurred, and once more for each, so that none is impossible. */
final class CountDensity implements Density {
    private final double[] weights;
    private final double sum;

    CountDensity(int values, List<Parameter.Interval> observed) {
        weights = new double[values];
        for (int i = 0; i < values; i++) {
            weights[i] = 1;
        }
        observed.forEach(place -> weights[index(place)]++);
        sum = (double) values + observed.size();
    }

    private int index(Parameter.Interval place) {
        return (int) (place.middle() * weights.length);
    }

    @Override
    public double draw(SplittableRandom random) {
        double left = random.nextDouble() * sum;
        int index = 0;
        while (index < weights.length - 1 && left >= weights[index]) {
            left -= weights[index++];
        }
        return (index + 0.5) / weights.length;
    }

    @Override
    public double at(Parameter.Interval where) {
        return weights[index(where)] / sum;
    }
}
