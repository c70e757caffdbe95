package dev.parlance.train.linear;

/** Hears how a fit goes, after each pass over the data, and may end it. */
@FunctionalInterface
public interface FitListener {
    /** Hears nothing and goes on to the end. */
    FitListener NONE = (passes, gradient, tolerance) -> true;

    /**
     * A pass over the data was made.
     *
     * @param passes passes so far, over all fits
     * @param gradient largest element of the gradient, of when it was last computed
     * @param tolerance the fit ends when that is no larger
     * @return whether to go on; if not, the fit ends with what it has found
     */
    boolean onPass(int passes, double gradient, double tolerance);
}
