package dev.parlance.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.UserError;
import dev.parlance.data.Embedding;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceEmbeddingTest {
    /** Three tokens of two numbers, and one of padding that must not count. */
    private static final float[] STATES = {1, -4, 3, 2, 5, 8, 100, 100};

    // Worked out by hand from the definitions of sentence_transformers.models.Pooling.
    @ParameterizedTest
    @CsvSource({
        "CLS, 1, -4",
        "MEAN, 3, 2",
        "MAX, 5, 8",
        "MEAN_SQRT_LEN, 5.196152, 3.464102",
        "WEIGHTED_MEAN, 3.666667, 4",
        "LAST_TOKEN, 5, 8"
    })
    void pools_the_tokens_and_not_the_padding(Pooling pooling, float first, float second) {
        Embedding embedding = task(List.of(pooling), false).decode(STATES, encoding(3));
        assertThat(embedding.values()).containsExactly(new float[] {first, second}, within(1e-5f));
    }

    @Test
    void puts_several_poolings_one_after_the_other() {
        SentenceEmbedding task = task(List.of(Pooling.CLS, Pooling.MAX), false);
        assertThat(task.dimensions()).isEqualTo(4);
        assertThat(task.decode(STATES, encoding(3)).values()).containsExactly(1, -4, 5, 8);
    }

    @Test
    void scales_to_length_one_if_the_model_wants_it() {
        float[] values = task(List.of(Pooling.MEAN), true)
                .decode(new float[] {3, 4}, encoding(1))
                .values();
        assertThat(values).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    }

    @Test
    void refuses_states_that_do_not_cover_the_tokens() {
        assertThatThrownBy(() -> task(List.of(Pooling.MEAN), true).decode(STATES, encoding(5)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("8 numbers for a text of 5 tokens");
    }

    @Test
    void cosine_is_that_of_the_angle() {
        Embedding right = new Embedding(new float[] {2, 0});
        assertThat(right.cosine(new Embedding(new float[] {3, 3}))).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(right.cosine(new Embedding(new float[] {0, 0}))).isZero();
        assertThatThrownBy(() -> right.cosine(new Embedding(new float[] {1})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static SentenceEmbedding task(List<Pooling> pooling, boolean normalize) {
        return new SentenceEmbedding(2, pooling, normalize, Map.of(), null);
    }

    private static Encoding encoding(int tokens) {
        int[] zeros = new int[tokens];
        return new Encoding(zeros, zeros, zeros, zeros, zeros, zeros, 0);
    }
}
