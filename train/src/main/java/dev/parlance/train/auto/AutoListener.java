package dev.parlance.train.auto;

import dev.parlance.data.Splits;
import dev.parlance.train.loop.TrainingListener;

/** Hears how models are tried. Called on the thread that called. */
public interface AutoListener {
    /** Hears nothing. */
    AutoListener NONE = new AutoListener() {};

    /** The data was read and split; its findings are to be shown. */
    default void onData(Splits splits) {}

    /** A choice was made; one sentence that says what and why. */
    default void onChoice(String choice) {}

    /** A candidate is about to be trained. */
    default void onCandidateBegin(String name) {}

    /** A candidate is finished; {@code before} says that an earlier call finished it. */
    default void onCandidateEnd(Candidate candidate, boolean before) {}

    /** What hears the training of each candidate. */
    default TrainingListener training() {
        return TrainingListener.NONE;
    }
}
