package dev.parlance.train.search;

import java.util.SplittableRandom;

/** How likely the values of a setting are, on the unit interval. */
interface Density {
    /** A place drawn by it. */
    double draw(SplittableRandom random);

    /** Probability of a stretch, or density at a point; positive. */
    double at(Parameter.Interval where);
}
