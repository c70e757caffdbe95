package dev.parlance.train.profile;

/**
 * A kind of work that is counted together.
 *
 * @param operation name of a tensor operation, or one of the constants in parentheses
 * @param phase the part of the step that it was done in
 */
record Work(String operation, Phase phase) {
    /** What a thread does that is no tensor operation: Java, allocating, letting go. */
    static final String BETWEEN = "(between operations)";

    /** A thread that has nothing to do until the slowest is done. */
    static final String WAITING = "(waiting)";

    /** What the thread of the loop does while all others rest. */
    static final String ALONE = "(loop alone)";

    /** How often, how long and how much, summed up. */
    static final class Total {
        private long calls;
        private long nanos;
        private double flops;

        void add(long moreCalls, long moreNanos, double moreFlops) {
            calls += moreCalls;
            nanos += moreNanos;
            flops += moreFlops;
        }

        void add(Total other) {
            add(other.calls, other.nanos, other.flops);
        }

        long calls() {
            return calls;
        }

        long nanos() {
            return nanos;
        }

        double flops() {
            return flops;
        }
    }
}
