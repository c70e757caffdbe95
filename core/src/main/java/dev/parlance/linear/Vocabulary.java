package dev.parlance.linear;

import dev.parlance.config.UserError;
import java.util.List;

/** The n-grams of one kind that are features, in alphabetical order, which is that of their ids from 0. */
final class Vocabulary {
    private final List<String> terms;
    private final int[] texts;
    private final long[] hashes; // 0 is free
    private final int[] ids;

    /**
     * @param terms all different
     * @param texts how many texts each occurs in
     */
    Vocabulary(List<String> terms, int[] texts) {
        this.terms = List.copyOf(terms);
        this.texts = texts;
        int capacity = Integer.highestOneBit(Math.max(8, terms.size())) * 4;
        hashes = new long[capacity];
        ids = new int[capacity];
        for (int id = 0; id < terms.size(); id++) {
            long hash = NgramHash.of(terms.get(id));
            int slot = slot(hash);
            if (hashes[slot] != 0) {
                throw new UserError("the n-gram '" + terms.get(id) + "' is there twice, expected different ones");
            }
            hashes[slot] = hash;
            ids[slot] = id;
        }
    }

    int size() {
        return terms.size();
    }

    String term(int id) {
        return terms.get(id);
    }

    /** How many of the texts that the vocabulary was made of have the n-gram. */
    int texts(int id) {
        return texts[id];
    }

    /** The id of the n-gram with this hash; -1 if it is no feature. */
    int id(long hash) {
        int slot = slot(hash);
        return hashes[slot] == 0 ? -1 : ids[slot];
    }

    private int slot(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
