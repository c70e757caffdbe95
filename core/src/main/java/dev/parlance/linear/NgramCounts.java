package dev.parlance.linear;

import java.util.Arrays;

/**
 * How often n-grams occur, by their hashes, in bounded memory: when too many different ones were seen, the rarest are
 * forgotten, after Manku and Motwani (2002), "Approximate frequency counts over data streams".
 */
final class NgramCounts {
    /** With 24 bytes each and a table that is half full this is under 1 GB. */
    static final int MAX_DISTINCT = 16_000_000;

    private final int maxDistinct;
    private long[] hashes = new long[1 << 12]; // 0 is free
    private int[] texts = new int[1 << 12];
    private int[] occurrences = new int[1 << 12];
    private int size;
    private int forgotten;

    NgramCounts(int maxDistinct) {
        this.maxDistinct = maxDistinct;
    }

    /** Counts the n-grams of one text, given as sorted hashes. */
    void addText(long[] sorted) {
        for (int start = 0; start < sorted.length; ) {
            int end = start + 1;
            while (end < sorted.length && sorted[end] == sorted[start]) {
                end++;
            }
            add(sorted[start], 1, end - start);
            start = end;
        }
        while (size > maxDistinct) {
            forgotten++;
            rebuild(hashes.length, forgotten + 1);
        }
    }

    /** N-grams that occurred in no more texts than this may be missing or counted too low. */
    int forgotten() {
        return forgotten;
    }

    /**
     * The hashes of n-grams that occur in at least {@code minTexts} texts; of more than {@code most} those that occur most
     * often. In no particular order, but always the same.
     */
    long[] select(int minTexts, int most) {
        long[] ranked = new long[size]; // occurrences from many to few above, slot below
        int count = 0;
        for (int slot = 0; slot < hashes.length; slot++) {
            if (hashes[slot] != 0 && texts[slot] >= minTexts) {
                ranked[count++] = ((long) (Integer.MAX_VALUE - occurrences[slot]) << 32) | slot;
            }
        }
        Arrays.sort(ranked, 0, count);
        long[] selected = new long[Math.min(count, most)];
        for (int i = 0; i < selected.length; i++) {
            selected[i] = hashes[(int) ranked[i]];
        }
        return selected;
    }

    /** In how many texts an n-gram occurs. */
    int texts(long hash) {
        return texts[slot(hash)];
    }

    private void add(long hash, int inTexts, int times) {
        int slot = slot(hash);
        if (hashes[slot] == 0) {
            if (2 * size >= hashes.length) {
                rebuild(2 * hashes.length, 0);
                slot = slot(hash);
            }
            hashes[slot] = hash;
            size++;
        }
        texts[slot] += inTexts;
        occurrences[slot] = Math.min(Integer.MAX_VALUE - times, occurrences[slot]) + times;
    }

    private int slot(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rebuild(int capacity, int minTexts) {
        long[] oldHashes = hashes;
        int[] oldTexts = texts;
        int[] oldOccurrences = occurrences;
        hashes = new long[capacity];
        texts = new int[capacity];
        occurrences = new int[capacity];
        size = 0;
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0 && oldTexts[i] >= minTexts) {
                add(oldHashes[i], oldTexts[i], oldOccurrences[i]);
            }
        }
    }
}
