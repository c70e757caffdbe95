package dev.parlance.train.search;

/** Says which trials to give up on the way. Remembers what it heard. */
public interface Pruner {
    /** Gives nothing up. */
    Pruner NONE = (trial, epochs, goodness) -> true;

    /**
     * Takes a measurement of a trial and says whether the trial should go on.
     *
     * @param trial its number
     * @param epochs passes over the training data so far
     * @param goodness the best score of the trial so far, of which more is better
     */
    boolean goesOn(int trial, double epochs, double goodness);
}
