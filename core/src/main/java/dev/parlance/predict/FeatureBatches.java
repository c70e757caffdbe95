package dev.parlance.predict;

import dev.parlance.linear.FeatureVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups texts of about as many features, so that little of a batch is padding. A text with very many features is cut into
 * pieces, whose logits add up to its own: the graph gathers a row of weights for each feature, and that memory is bounded.
 */
final class FeatureBatches {
    /** Most weights that the graph gathers for a batch. */
    private static final int MAX_GATHERED = 1 << 20;

    private static final int MAX_ROWS = 256;
    private static final int MIN_WIDTH = 64;

    private FeatureBatches() {}

    /**
     * Pieces of texts.
     *
     * @param texts the index of each piece's text
     * @param pieces features, each of a text in one of its pieces
     */
    record Batch(int[] texts, List<FeatureVector> pieces) {}

    private record Piece(int text, FeatureVector features) {}

    /**
     * All texts, each once.
     *
     * @param interceptId the feature that each text gets besides its own
     */
    static List<Batch> of(List<FeatureVector> features, int interceptId, int labels) {
        int maxWidth = Math.max(MIN_WIDTH, MAX_GATHERED / labels);
        List<Piece> pieces = new ArrayList<>();
        for (int text = 0; text < features.size(); text++) {
            cut(text, features.get(text).withIntercept(interceptId), maxWidth, pieces);
        }
        pieces.sort(
                Comparator.<Piece>comparingInt(piece -> piece.features().size()).reversed());
        List<Batch> batches = new ArrayList<>();
        int end;
        for (int start = 0; start < pieces.size(); start = end) {
            int width = pieces.get(start).features().size();
            int rows = Math.max(1, Math.min(MAX_ROWS, (int) (MAX_GATHERED / ((long) width * labels))));
            end = Math.min(pieces.size(), start + rows);
            List<Piece> batch = pieces.subList(start, end);
            batches.add(new Batch(
                    batch.stream().mapToInt(Piece::text).toArray(),
                    batch.stream().map(Piece::features).toList()));
        }
        return batches;
    }

    private static void cut(int text, FeatureVector features, int maxWidth, List<Piece> pieces) {
        if (features.size() <= maxWidth) {
            pieces.add(new Piece(text, features));
            return;
        }
        IntStream.iterate(0, start -> start < features.size(), start -> start + maxWidth)
                .forEach(start -> {
                    int end = Math.min(features.size(), start + maxWidth);
                    pieces.add(new Piece(
                            text,
                            new FeatureVector(
                                    Arrays.copyOfRange(features.ids(), start, end),
                                    Arrays.copyOfRange(features.values(), start, end))));
                });
    }
}
