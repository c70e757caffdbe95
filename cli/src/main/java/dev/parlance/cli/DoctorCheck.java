package dev.parlance.cli;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * Something that doctor looks at.
 *
 * @param what its name, for the line that is printed if the probe throws
 * @param probe looks, and says what it found
 */
record DoctorCheck(String what, Callable<List<Finding>> probe) {
    /** How bad it is. */
    enum Status {
        OK("ok"),
        WARN("warn"),
        FAIL("fail");

        final String word;

        Status(String word) {
            this.word = word;
        }
    }

    /**
     * A line of doctor.
     *
     * @param status how bad it is
     * @param what what was looked at
     * @param detail what was found and, unless all is well, what to do
     */
    record Finding(Status status, String what, String detail) {}
}
