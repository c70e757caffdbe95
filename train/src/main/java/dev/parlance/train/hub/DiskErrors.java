package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.util.List;

/** Says in one line what a failed write means to the user. */
final class DiskErrors {
    // Linux and macOS; the quota of either; Windows
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk");

    private DiskErrors() {}

    static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return FULL.stream().anyMatch(message::contains);
    }

    /** The error to throw when writing below {@code directory}, a path, failed. */
    static UserError explain(IOException failure, Object directory, String doing) {
        if (isFull(failure)) {
            return new UserError(
                    "the disk of " + directory + " is full while " + doing
                            + ": free some space, or set PARLANCE_HOME to a directory on a larger disk",
                    failure);
        }
        return new UserError(doing + " failed in " + directory + ": " + Messages.oneLine(failure), failure);
    }
}
