package dev.parlance.train.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void every_number_lies_in_its_bucket() {
        Random random = new Random(7);
        float[] numbers = new float[100_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 4));
        }
        Histogram histogram = Histogram.of(numbers);
        double[] expected = new double[histogram.limits().length];
        for (float number : numbers) {
            int bucket = 0;
            while (number < 0
                    ? number > histogram.limits()[bucket]
                    : number >= histogram.limits()[bucket]) {
                bucket++;
            }
            expected[bucket]++;
        }
        assertThat(histogram.counts()).containsExactly(expected);
        assertThat(histogram.limits()).isSorted().doesNotHaveDuplicates();
        assertThat(histogram.count()).isEqualTo(100_000);
        assertThat(histogram.min()).isEqualTo(min(numbers));
        double sum = 0;
        for (float number : numbers) {
            sum += number;
        }
        assertThat(histogram.sum()).isCloseTo(sum, within(1e-6));
    }

    private static double min(float[] numbers) {
        float[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return sorted[0];
    }

    @Test
    void zeros_of_both_signs_share_a_bucket_beside_the_positive_numbers() {
        Histogram histogram = Histogram.of(new float[] {0f, -0f, 0f});
        assertThat(histogram.counts()[histogram.counts().length - 1]).isEqualTo(3);
        assertThat(histogram.min()).isZero();
        assertThat(histogram.max()).isZero();
    }

    @Test
    void what_is_no_finite_number_is_counted_apart() {
        Histogram histogram = Histogram.of(new float[] {Float.NaN, 1, Float.NEGATIVE_INFINITY, Float.MAX_VALUE});
        assertThat(histogram.notFinite()).isEqualTo(2);
        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.max()).isEqualTo(Float.MAX_VALUE);
        assertThat(histogram.limits()).doesNotContain(Double.NaN).doesNotContain(Double.POSITIVE_INFINITY);
        assertThat(Histogram.of(new float[] {Float.NaN}).count()).isZero();
        assertThat(Histogram.of(new float[0]).count()).isZero();
    }
}
