package dev.parlance.data;

import java.util.Arrays;

/**
 * Finds where a hashed text was seen first: hash to the number of the row. Open addressing, 12 bytes a slot, at most half
 * full; the texts themselves are not kept.
 */
final class LineIndex {
    private static final int NONE = -1;

    private long[] keys = new long[1 << 10];
    private int[] rows = filled(1 << 10);
    private int size;

    /** Remembers the row unless the hash is known; gives the first row with this hash, which is {@code row} if it is new. */
    int putIfAbsent(long hash, int row) {
        int slot = slot(hash);
        if (rows[slot] != NONE) {
            return rows[slot];
        }
        keys[slot] = hash;
        rows[slot] = row;
        if (++size > keys.length / 2) {
            grow();
        }
        return row;
    }

    /** The first row with this hash, or -1. */
    int get(long hash) {
        return rows[slot(hash)];
    }

    private int slot(long hash) {
        int slot = (int) hash & (keys.length - 1);
        while (rows[slot] != NONE && keys[slot] != hash) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRows = rows;
        keys = new long[oldKeys.length * 2];
        rows = filled(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldRows[i] != NONE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                rows[slot] = oldRows[i];
            }
        }
    }

    private static int[] filled(int length) {
        int[] rows = new int[length];
        Arrays.fill(rows, NONE);
        return rows;
    }
}
