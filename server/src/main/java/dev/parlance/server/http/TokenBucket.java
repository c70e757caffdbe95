package dev.parlance.server.http;

/**
 * Lets so many through a second on average and so many at once. It remembers only when it would be full again (the generic
 * cell rate algorithm), so it needs no timer.
 */
final class TokenBucket {
    private final double nanosEach;
    private final double burstNanos;
    private double fullAt = Double.NEGATIVE_INFINITY;

    /**
     * A full bucket.
     *
     * @param perSecond more than 0
     * @param burst at least 1
     */
    TokenBucket(double perSecond, int burst) {
        this.nanosEach = 1e9 / perSecond;
        this.burstNanos = nanosEach * burst;
    }

    /** Takes one and returns 0, or returns how many nanoseconds to wait until there is one. */
    synchronized long take(long nanos) {
        double next = Math.max(fullAt, (double) nanos) + nanosEach;
        double early = next - nanos - burstNanos;
        if (early > 1e-3) { // a rounding error is no refusal
            return Math.max(1, (long) Math.ceil(early));
        }
        fullAt = next;
        return 0;
    }
}
