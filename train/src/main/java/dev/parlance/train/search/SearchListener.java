package dev.parlance.train.search;

import java.util.List;

/** Hears how a search goes. Called on the thread that called. */
public interface SearchListener {
    /** Hears nothing. */
    SearchListener NONE = new SearchListener() {};

    /** The search begins, or goes on after these trials. */
    default void onBegin(List<Trial> before, int parallel, int threads) {}

    /** A trial begins. */
    default void onTrialBegin(Trial trial) {}

    /** A trial was measured. */
    default void onEvaluation(Trial trial, Trial.Evaluation evaluation) {}

    /** A trial has ended; {@code best} says whether none is better so far. */
    default void onTrialEnd(Trial trial, boolean best) {}
}
