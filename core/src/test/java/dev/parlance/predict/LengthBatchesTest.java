package dev.parlance.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {
    @Test
    void takes_each_text_once_within_the_budget_of_tokens() {
        List<Encoding> encodings = IntStream.range(0, 1_000)
                .mapToObj(i -> encoding(1 + i * 37 % 512))
                .toList();
        List<List<Integer>> batches = LengthBatches.of(encodings);
        assertThat(batches.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 1_000).boxed().toList());
        int padded = 0;
        for (List<Integer> rows : batches) {
            int longest = encodings.get(rows.get(0)).length();
            assertThat(rows)
                    .allSatisfy(row -> assertThat(encodings.get(row).length()).isLessThanOrEqualTo(longest));
            assertThat(longest * rows.size()).isLessThanOrEqualTo(4_096);
            padded += longest * rows.size();
        }
        int real = encodings.stream().mapToInt(Encoding::length).sum();
        assertThat((double) real / padded).isGreaterThan(0.95);
    }

    @Test
    void gives_a_text_over_the_budget_a_batch_of_its_own() {
        assertThat(LengthBatches.of(List.of(encoding(10), encoding(9_000), encoding(5_000))))
                .containsExactly(List.of(1), List.of(2), List.of(0));
    }

    private static Encoding encoding(int length) {
        int[] numbers = new int[length];
        return new Encoding(numbers, numbers, numbers, numbers, numbers, numbers, 0);
    }
}
