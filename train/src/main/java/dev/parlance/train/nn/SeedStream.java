package dev.parlance.train.nn;

/**
 * Seeds for the dropout masks of one model, one after the other. Resetting it before each step makes a step depend on
 * its number alone, so that a resumed run draws the masks that the unbroken one would have drawn. Not thread-safe.
 */
public final class SeedStream {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** A stream that starts at {@code seed}. */
    public SeedStream(long seed) {
        state = seed;
    }

    /** Starts over at {@code seed}. */
    public void reset(long seed) {
        state = seed;
    }

    /** Where the stream is: {@link #reset} to it repeats the seeds that follow. */
    public long state() {
        return state;
    }

    /** The next seed, by SplitMix64 (Steele, Lea and Flood, 2014). */
    public long next() {
        state += GOLDEN_GAMMA;
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
