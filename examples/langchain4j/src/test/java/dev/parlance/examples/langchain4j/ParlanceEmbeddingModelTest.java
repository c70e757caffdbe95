package dev.parlance.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code tiny-encoder} knows 16 words; those of like meaning have like vectors. runs/reference/tiny_encoder.py made it. */
class ParlanceEmbeddingModelTest {
    private static final Path ENCODER = Path.of("src/test/resources/tiny-encoder");
    private static final Path CLASSIFIER = Path.of("../../cli/src/main/resources/dev/parlance/cli/self-test");

    @Test
    void texts_of_like_meaning_are_near_each_other() {
        try (ParlanceEmbeddingModel model = ParlanceEmbeddingModel.load(ENCODER)) {
            Embedding question = model.embed("where is my parcel").content();
            Embedding near = model.embed("the package is late").content();
            Embedding far = model.embed("a kitten and a dog").content();
            assertThat(CosineSimilarity.between(question, near))
                    .isGreaterThan(CosineSimilarity.between(question, far) + 0.2);
        }
    }

    @Test
    void embeddings_have_length_one_and_the_dimension_that_the_model_says() {
        try (ParlanceEmbeddingModel model = ParlanceEmbeddingModel.load(ENCODER)) {
            float[] vector = model.embed("the dog").content().vector();
            assertThat(vector).hasSize(model.dimension()).hasSize(8);
            double squares = IntStream.range(0, vector.length)
                    .mapToDouble(i -> (double) vector[i] * vector[i])
                    .sum();
            assertThat(squares).isCloseTo(1, within(1e-6));
            assertThat(model.modelName()).isEqualTo("tiny-encoder");
        }
    }

    @Test
    void answers_many_segments_in_order_and_counts_their_tokens() {
        try (ParlanceEmbeddingModel model = ParlanceEmbeddingModel.load(ENCODER)) {
            List<TextSegment> segments = List.of(
                    TextSegment.from("the dog"), TextSegment.from("where is my parcel"), TextSegment.from("kitten"));
            Response<List<Embedding>> response = model.embedAll(segments);
            for (int i = 0; i < segments.size(); i++) {
                assertThat(CosineSimilarity.between(
                                response.content().get(i),
                                model.embed(segments.get(i)).content()))
                        .isCloseTo(1, within(1e-6));
            }
            // [CLS] and [SEP] around each text
            assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(4 + 6 + 3);
        }
    }

    @Test
    void refuses_a_classifier() {
        assertThatThrownBy(() -> ParlanceEmbeddingModel.load(CLASSIFIER))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("text-classification")
                .hasMessageContaining("expected a sentence encoder");
    }
}
