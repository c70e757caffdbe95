package dev.parlance.track;

import java.util.Locale;

/** How a run stands. */
public enum RunStatus {
    /** It trains. */
    RUNNING,
    /** It came to its end. */
    FINISHED,
    /** It was asked to stop, and saved what it had. */
    INTERRUPTED,
    /** An error ended it. */
    FAILED,
    /** It says that it trains, but its process is gone or has been silent for long. Never written, only concluded. */
    LOST;

    /** As files and tables have it: in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing more will come. */
    public boolean ended() {
        return this != RUNNING;
    }
}
