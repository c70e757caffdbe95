package dev.parlance.linear;

/** Takes the n-grams of a text as they are found. */
@FunctionalInterface
interface NgramSink {
    /**
     * An n-gram.
     *
     * @param hash {@link NgramHash} of its chars
     * @param codePoints holds it from {@code start} to {@code end} (exclusive); changed after the call
     */
    void accept(long hash, int[] codePoints, int start, int end);
}
