package dev.parlance.linear;

/**
 * A 64-bit hash that stands for an n-gram (FNV-1a over code points, then the finalizer of SplitMix64), built up a code point
 * at a time. Among 16 million n-grams two share one with a chance of about one in 100,000; they would then count as one.
 */
final class NgramHash {
    static final long START = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private NgramHash() {}

    static long add(long state, int codePoint) {
        return (state ^ codePoint) * PRIME;
    }

    /** Never 0, which marks a free slot of a table. */
    static long finish(long state) {
        long hash = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }

    static long of(String ngram) {
        long state = START;
        for (int i = 0; i < ngram.length(); ) {
            int codePoint = ngram.codePointAt(i);
            state = add(state, codePoint);
            i += Character.charCount(codePoint);
        }
        return finish(state);
    }
}
