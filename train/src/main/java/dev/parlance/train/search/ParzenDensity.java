package dev.parlance.train.search;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * For numbers: a normal distribution around each observed one, as wide as the way to its farther neighbour, and one over the
 * whole interval for the doubt; all cut off at the ends.
 */
final class ParzenDensity implements Density {
    private static final double LEAST = 1e-12;
    private static final int ATTEMPTS = 100;

    private final double[] means;
    private final double[] widths;
    private final double[] inside; // share of each distribution that lies in the interval

    ParzenDensity(List<Parameter.Interval> observed) {
        means = DoubleStream.concat(DoubleStream.of(0.5), observed.stream().mapToDouble(Parameter.Interval::middle))
                .sorted()
                .toArray();
        widths = new double[means.length];
        inside = new double[means.length];
        boolean doubted = false;
        double narrowest = 1.0 / Math.min(100, means.length + 1);
        for (int i = 0; i < means.length; i++) {
            double left = i == 0 ? 0 : means[i] - means[i - 1];
            double right = i == means.length - 1 ? 0 : means[i + 1] - means[i];
            boolean doubt = !doubted && means[i] == 0.5;
            doubted |= doubt;
            widths[i] = doubt ? 1 : Math.min(1, Math.max(narrowest, Math.max(left, right)));
            inside[i] = below((1 - means[i]) / widths[i]) - below(-means[i] / widths[i]);
        }
    }

    @Override
    public double draw(SplittableRandom random) {
        int i = random.nextInt(means.length);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double place = means[i] + widths[i] * gaussian(random);
            if (place >= 0 && place <= 1) {
                return place;
            }
        }
        return means[i];
    }

    @Override
    public double at(Parameter.Interval where) {
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            double low = (where.low() - means[i]) / widths[i];
            double high = (where.high() - means[i]) / widths[i];
            double value = where.low() == where.high()
                    ? Math.exp(-low * low / 2) / (Math.sqrt(2 * Math.PI) * widths[i])
                    : below(high) - below(low);
            sum += value / inside[i];
        }
        return Math.max(LEAST, sum / means.length);
    }

    /** Box and Muller (1958). */
    private static double gaussian(SplittableRandom random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** The normal distribution function to 1e-7: Abramowitz and Stegun (1964), 26.2.17. */
    static double below(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double polynomial =
                t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * polynomial;
        return x >= 0 ? 1 - tail : tail;
    }
}
