package dev.parlance.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.linear.FeatureBatch;
import dev.parlance.linear.FeatureVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureBatchesTest {
    private static final int INTERCEPT = 1_000_000;

    private static FeatureVector text(int size) {
        float[] values = new float[size];
        Arrays.fill(values, 0.5f);
        return new FeatureVector(IntStream.range(0, size).toArray(), values);
    }

    @Test
    void every_feature_of_every_text_is_there_once_and_the_intercept_too() {
        List<FeatureVector> texts = List.of(text(0), text(3), text(70_000), text(1), text(900));
        List<List<Integer>> found = new ArrayList<>();
        texts.forEach(text -> found.add(new ArrayList<>()));
        for (FeatureBatches.Batch batch : FeatureBatches.of(texts, INTERCEPT, 100)) {
            for (int row = 0; row < batch.texts().length; row++) {
                for (int id : batch.pieces().get(row).ids()) {
                    found.get(batch.texts()[row]).add(id);
                }
            }
        }
        for (int i = 0; i < texts.size(); i++) {
            List<Integer> expected =
                    new ArrayList<>(Arrays.stream(texts.get(i).ids()).boxed().toList());
            expected.add(INTERCEPT);
            assertThat(found.get(i)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void what_a_batch_gathers_is_bounded() {
        List<FeatureVector> texts =
                IntStream.range(0, 600).mapToObj(i -> text(i * 7)).toList();
        for (int labels : new int[] {2, 77, 2_000, 10_000}) {
            for (FeatureBatches.Batch batch : FeatureBatches.of(texts, INTERCEPT, labels)) {
                FeatureBatch padded = FeatureBatch.of(batch.pieces());
                assertThat((long) padded.rows() * padded.width() * labels).isLessThanOrEqualTo(1 << 20);
            }
        }
    }

    @Test
    void padding_adds_nothing() {
        FeatureBatch batch = FeatureBatch.of(List.of(text(2).withIntercept(9), text(0).withIntercept(9)));
        assertThat(batch.ids()).containsExactly(0, 1, 9, 9, 0, 0);
        assertThat(batch.values()).containsExactly(0.5f, 0.5f, 1, 1, 0, 0);
    }
}
