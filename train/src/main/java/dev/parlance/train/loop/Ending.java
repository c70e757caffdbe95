package dev.parlance.train.loop;

/** Why the loop ended. */
enum Ending {
    /** All steps were done. */
    FINISHED,
    /** {@code early_stopping_patience} is used up. */
    NO_GAIN,
    /** {@code max_time} is. */
    TIME_OVER,
    /** The caller wants it; a checkpoint to go on from was written. */
    REQUESTED
}
