package dev.parlance.train.crossval;

import dev.parlance.data.Folds;
import dev.parlance.train.loop.TrainingListener;

/** Hears how a cross-validation goes. Called on the thread that called. */
public interface CrossValidationListener {
    /** Hears nothing. */
    CrossValidationListener NONE = new CrossValidationListener() {};

    /** The folds were drawn; their findings are to be shown. */
    default void onFolds(Folds folds) {}

    /** A fold, counted from 1, is about to be trained. */
    default void onFoldBegin(int number, int folds) {}

    /** A fold is finished; {@code before} says that an earlier call finished it. */
    default void onFoldEnd(FoldResult fold, boolean before) {}

    /** What hears the training of each fold. */
    default TrainingListener training() {
        return TrainingListener.NONE;
    }
}
