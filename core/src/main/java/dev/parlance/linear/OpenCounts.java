package dev.parlance.linear;

import java.util.Arrays;

/** Counts of a few different numbers, without boxing them; cleared in time that goes by the numbers that were counted. */
final class OpenCounts {
    private int[] keys = new int[1024]; // key + 1; 0 is free
    private int[] counts = new int[1024];
    private int[] used = new int[512]; // slots in use
    private int size;

    void clear() {
        for (int i = 0; i < size; i++) {
            keys[used[i]] = 0;
        }
        size = 0;
    }

    void increment(int key) {
        int slot = slot(key);
        if (keys[slot] == 0) {
            if (size == used.length) {
                grow();
                slot = slot(key);
            }
            keys[slot] = key + 1;
            counts[slot] = 0;
            used[size++] = slot;
        }
        counts[slot]++;
    }

    int count(int key) {
        return counts[slot(key)];
    }

    /** The numbers that were counted, in ascending order. */
    int[] sortedKeys() {
        int[] sorted = new int[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = keys[used[i]] - 1;
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private int slot(int key) {
        int mask = keys.length - 1;
        int slot = (key * 0x9E3779B9) >>> 7 & mask;
        while (keys[slot] != 0 && keys[slot] != key + 1) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldCounts = counts;
        int[] oldUsed = used;
        keys = new int[2 * oldKeys.length];
        counts = new int[keys.length];
        used = new int[2 * oldUsed.length];
        for (int i = 0; i < size; i++) {
            int key = oldKeys[oldUsed[i]] - 1;
            int slot = slot(key);
            keys[slot] = key + 1;
            counts[slot] = oldCounts[oldUsed[i]];
            used[i] = slot;
        }
    }
}
