package dev.parlance.train.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlance.config.UserError;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.WeightSource;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceClassifierTest {
    /** Tensors this small gain nothing from threads, and threads wait for each other on a busy machine. */
    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    private static final String BERT = "bert";

    @ParameterizedTest
    @ValueSource(
            strings = {"bert", "roberta", "xlm-roberta", "camembert", "roberta-prelayernorm", "distilbert", "electra"})
    void computes_what_transformers_computes(String name) {
        TinyModel tiny = TinyModel.of(name);
        try (SequenceClassifier model = tiny.load();
                TensorScope scope = TensorScope.open()) {
            Tensor hidden = model.encoder().forward(tiny.inputIds(), tiny.attentionMask(), tiny.tokenTypeIds());
            long[] mask = tiny.attentionMask().toLongs();
            int width = tiny.config().hiddenSize();
            float[] expected = tiny.expected("last_hidden_state");
            float[] found = hidden.toFloats();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                if (mask[i / width] == 1) {
                    assertThat(found[i]).isEqualTo(expected[i], offset(1e-5f));
                }
            }
            Tensor logits = model.forward(tiny.inputIds(), tiny.attentionMask(), tiny.tokenTypeIds());
            assertThat(logits.shape()).containsExactly(3, 3);
            assertThat(logits.toFloats()).containsExactly(tiny.expected("logits"), offset(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "camembert", "roberta-prelayernorm", "distilbert", "electra"})
    void saves_the_names_and_values_that_transformers_saved(String name, @TempDir Path directory) throws Exception {
        TinyModel tiny = TinyModel.of(name);
        Path saved = directory.resolve("model.safetensors");
        try (SequenceClassifier model = tiny.load()) {
            Safetensors.write(saved, model.toWeights());
        }
        try (Safetensors mine = Safetensors.open(saved);
                Safetensors theirs = tiny.weights()) {
            assertThat(mine.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
            for (String weight : theirs.names()) {
                assertThat(floats(mine, weight)).isEqualTo(floats(theirs, weight));
            }
        }
    }

    @Test
    void loads_a_base_checkpoint_with_early_names_and_starts_a_new_head() {
        TinyModel tiny = TinyModel.of(BERT);
        try (Safetensors full = tiny.weights()) {
            Map<String, String> base = new LinkedHashMap<>();
            for (String name : full.names()) {
                if (!name.startsWith("classifier")) {
                    String bare = name.substring("bert.".length())
                            .replace("LayerNorm.weight", "LayerNorm.gamma")
                            .replace("LayerNorm.bias", "LayerNorm.beta");
                    base.put(bare, name);
                }
            }
            base.put("cls.predictions.bias", "classifier.bias");
            base.put("embeddings.position_ids", "classifier.bias");
            SequenceClassifier.Loaded loaded =
                    SequenceClassifier.load(tiny.config(), 5, new Renamed(full, base), "base", false, 1);
            try (SequenceClassifier model = loaded.model()) {
                assertThat(loaded.report())
                        .isEqualTo(new LoadReport(
                                List.of("classifier.weight", "classifier.bias"),
                                List.of("cls.predictions.bias", "embeddings.position_ids")));
                assertThat(model.namedParameters().get("classifier.weight")).isNotNull();
                assertThat(floats(model.toWeights(), "bert.pooler.dense.weight"))
                        .isEqualTo(floats(full, "bert.pooler.dense.weight"));
            }
        }
    }

    @Test
    void lists_missing_and_extra_weights() {
        TinyModel tiny = TinyModel.of(BERT);
        try (Safetensors full = tiny.weights()) {
            Map<String, String> broken = new LinkedHashMap<>();
            full.names().forEach(name -> broken.put(name, name));
            broken.remove("bert.encoder.layer.1.output.dense.bias");
            broken.put("bert.encoder.layer.2.output.dense.bias", "classifier.bias");
            assertThatThrownBy(() ->
                            SequenceClassifier.load(tiny.config(), 3, new Renamed(full, broken), "w.st", false, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessage(
                            "w.st: the weights do not fit config.json; 1 missing"
                                    + " (bert.encoder.layer.1.output.dense.bias), 1 extra"
                                    + " (bert.encoder.layer.2.output.dense.bias); use the config.json that came with the weights");
        }
    }

    @Test
    void refuses_a_head_of_other_labels_unless_it_is_reset() {
        TinyModel tiny = TinyModel.of(BERT);
        try (Safetensors full = tiny.weights()) {
            assertThatThrownBy(() -> SequenceClassifier.load(tiny.config(), 5, full, "w.st", false, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("classifier.weight has shape [3, 16]; expected [5, 16]");
            try (SequenceClassifier model = SequenceClassifier.load(tiny.config(), 5, full, "w.st", true, 1)
                    .model()) {
                assertThat(model.labels()).isEqualTo(5);
            }
        }
    }

    @Test
    void new_heads_depend_on_the_seed_alone() {
        TinyModel tiny = TinyModel.of(BERT);
        try (Safetensors full = tiny.weights();
                SequenceClassifier a = SequenceClassifier.load(tiny.config(), 4, full, "", true, 9)
                        .model();
                SequenceClassifier b = SequenceClassifier.load(tiny.config(), 4, full, "", true, 9)
                        .model();
                SequenceClassifier c = SequenceClassifier.load(tiny.config(), 4, full, "", true, 8)
                        .model()) {
            float[] weight = floats(a.toWeights(), "classifier.weight");
            assertThat(weight)
                    .isEqualTo(floats(b.toWeights(), "classifier.weight"))
                    .isNotEqualTo(floats(c.toWeights(), "classifier.weight"));
            double squares = 0;
            for (float w : weight) {
                squares += w * w;
            }
            assertThat(Math.sqrt(squares / weight.length)).isEqualTo(0.02, offset(0.006)); // 64 draws
        }
    }

    @Test
    void dropout_follows_its_seed_in_training_and_is_off_in_evaluation() {
        TinyModel tiny = TinyModel.of(BERT);
        try (SequenceClassifier model = tiny.load();
                TensorScope scope = TensorScope.open()) {
            model.train(true);
            float[] first = logits(model, tiny, 1);
            assertThat(first).isEqualTo(logits(model, tiny, 1)).isNotEqualTo(logits(model, tiny, 2));
            model.train(false);
            assertThat(logits(model, tiny, 1)).isEqualTo(logits(model, tiny, 2));
        }
    }

    @Test
    void every_parameter_gets_a_gradient_and_the_loss_falls() {
        TinyModel tiny = TinyModel.of("electra");
        try (SequenceClassifier model = tiny.load()) {
            double before = step(model, tiny);
            model.namedParameters()
                    .forEach((name, parameter) ->
                            assertThat(parameter.grad()).as(name).isNotNull());
            try (TensorScope scope = TensorScope.open();
                    Torch.Guard guard = Torch.noGrad()) {
                for (Tensor parameter : model.namedParameters().values()) {
                    parameter.addInPlace(java.util.Objects.requireNonNull(parameter.grad()), -0.05);
                }
            }
            assertThat(step(model, tiny)).isLessThan(before);
        }
    }

    @Test
    void native_objects_stay_flat_over_training_steps() {
        TinyModel tiny = TinyModel.of(BERT);
        try (SequenceClassifier model = tiny.load()) {
            model.train(true);
            step(model, tiny);
            long before = Torch.nativeObjects();
            for (int i = 0; i < 500; i++) {
                model.seedDropout(i);
                step(model, tiny);
            }
            assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
        }
    }

    private static double step(SequenceClassifier model, TinyModel tiny) {
        try (TensorScope scope = TensorScope.open()) {
            model.namedParameters().values().forEach(Tensor::clearGrad);
            Tensor logits = model.forward(tiny.inputIds(), tiny.attentionMask(), tiny.tokenTypeIds());
            Tensor labels = Tensor.fromLongs(new long[] {0, 2, 1}, 3);
            Tensor loss = new ClassificationLoss(0.1, null, 0).mean(logits, labels, null);
            loss.backward();
            return loss.item();
        }
    }

    private static float[] logits(SequenceClassifier model, TinyModel tiny, long seed) {
        model.seedDropout(seed);
        return model.forward(tiny.inputIds(), tiny.attentionMask(), tiny.tokenTypeIds())
                .toFloats();
    }

    private static float[] floats(WeightSource source, String name) {
        long size = 1;
        for (long n : source.shape(name)) {
            size *= n;
        }
        FloatBuffer buffer = FloatBuffer.allocate((int) size);
        source.copyInto(name, buffer);
        return buffer.array();
    }

    /** Weights of another source under other names. */
    private record Renamed(WeightSource source, Map<String, String> origin) implements WeightSource {
        @Override
        public Set<String> names() {
            return origin.keySet();
        }

        @Override
        public long[] shape(String name) {
            return source.shape(origin.getOrDefault(name, name));
        }

        @Override
        public void copyInto(String name, FloatBuffer target) {
            source.copyInto(origin.getOrDefault(name, name), target);
        }
    }
}
