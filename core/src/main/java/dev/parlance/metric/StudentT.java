package dev.parlance.metric;

/** Student's t distribution, for intervals over a few repetitions. */
public final class StudentT {
    private static final int BISECTIONS = 200;
    private static final int FRACTION_TERMS = 500;

    private StudentT() {}

    /**
     * The point that is exceeded with probability {@code (1 - confidence) / 2}: 2.776 for 95 % and 4 degrees of freedom.
     *
     * @param confidence in (0, 1)
     * @param degreesOfFreedom at least 1
     */
    public static double twoSided(double confidence, int degreesOfFreedom) {
        if (!(confidence > 0 && confidence < 1) || degreesOfFreedom < 1) {
            throw new IllegalArgumentException("confidence " + confidence + ", degrees of freedom " + degreesOfFreedom
                    + ", expected one between 0 and 1 and at least 1");
        }
        double low = 0;
        double high = 1;
        while (outside(high, degreesOfFreedom) > 1 - confidence) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS && high - low > 1e-13 * high; i++) {
            double middle = (low + high) / 2;
            if (outside(middle, degreesOfFreedom) > 1 - confidence) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** P(|T| > t) = I_x(v/2, 1/2) at x = v / (v + t^2): Abramowitz and Stegun (1964), 26.7.1 and 26.5.27. */
    private static double outside(double t, int degreesOfFreedom) {
        double v = degreesOfFreedom;
        return incompleteBeta(v / (v + t * t), v / 2, 0.5);
    }

    /** The regularized incomplete beta function by its continued fraction: Abramowitz and Stegun (1964), 26.5.8. */
    private static double incompleteBeta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        if (x > (a + 1) / (a + b + 2)) { // the fraction converges fast on the other side
            return 1 - incompleteBeta(1 - x, b, a);
        }
        double fraction = 0;
        for (int m = FRACTION_TERMS; m >= 1; m--) { // from the inside out
            int k = m / 2;
            double d = m % 2 == 0
                    ? k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
                    : -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
            fraction = d / (1 + fraction);
        }
        double front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
        return front / (1 + fraction);
    }

    /** Stirling's series after raising the argument to 15 or more: Abramowitz and Stegun (1964), 6.1.15 and 6.1.41. */
    private static double logGamma(double x) {
        double shift = 0;
        double z = x;
        while (z < 15) {
            shift -= Math.log(z);
            z++;
        }
        double square = 1 / (z * z);
        double series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / z;
        return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
    }
}
