package dev.parlance.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlance.config.UserError;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.head.TinyModel;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusionsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert", "roberta", "xlm-roberta", "camembert", "roberta-prelayernorm", "distilbert", "electra"})
    void fused_operators_compute_what_standard_ones_do(String name) throws Exception {
        Path plain = directory.resolve("plain.onnx");
        Path fused = directory.resolve("fused.onnx");
        TinyModel tiny = TinyModel.of(name);
        try (SequenceClassifier model = tiny.load()) {
            OnnxExporter.exportClassifier(model, GraphForm.of(Opset.DEFAULT, false), plain);
            OnnxExporter.exportClassifier(model, GraphForm.of(Opset.DEFAULT, true), fused);
        }
        assertThat(OnnxRun.hasOperator(fused, "Attention")).isTrue();
        assertThat(OnnxRun.hasOperator(fused, "MultiHeadAttention")).isTrue(); // of the last block, for the first token
        assertThat(OnnxRun.hasOperator(fused, "SkipLayerNormalization")).isTrue();
        assertThat(OnnxRun.hasOperator(fused, "Softmax")).isFalse();
        assertThat(OnnxRun.hasOperator(fused, "Erf")).isFalse();
        assertThat(OnnxRun.hasOperator(plain, "MultiHeadAttention")).isFalse();
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> inputs = inputs(tiny);
            assertThat(OnnxRun.run(fused, inputs)).containsExactly(OnnxRun.run(plain, inputs), offset(1e-5f));
        }
    }

    static IntStream opsets() {
        return IntStream.rangeClosed(Opset.OLDEST, Opset.NEWEST);
    }

    @ParameterizedTest
    @MethodSource("opsets")
    void every_opset_computes_the_same(int version) throws Exception {
        TinyModel tiny = TinyModel.of("bert");
        Path expected = directory.resolve("expected.onnx");
        Path file = directory.resolve("model.onnx");
        try (SequenceClassifier model = tiny.load();
                TensorScope scope = TensorScope.open()) {
            OnnxExporter.exportClassifier(model, GraphForm.of(Opset.DEFAULT, false), expected);
            float[] logits = OnnxRun.run(expected, inputs(tiny));
            for (boolean fused : new boolean[] {false, true}) {
                OnnxExporter.exportClassifier(model, GraphForm.of(new Opset(version), fused), file);
                assertThat(OnnxRun.hasOperator(file, "LayerNormalization")).isEqualTo(version >= 17);
                assertThat(OnnxRun.run(file, inputs(tiny))).containsExactly(logits, offset(1e-5f));
            }
        }
    }

    @Test
    void opsets_that_are_not_tested_are_refused() {
        assertThatThrownBy(() -> new Opset(13)).isInstanceOf(UserError.class).hasMessageContaining("14 to 21");
        assertThatThrownBy(() -> new Opset(22)).isInstanceOf(UserError.class).hasMessageContaining("14 to 21");
    }

    private static Map<String, Tensor> inputs(TinyModel tiny) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", tiny.inputIds());
        inputs.put("attention_mask", tiny.attentionMask());
        if (tiny.config().takesTokenTypeIds()) {
            inputs.put("token_type_ids", java.util.Objects.requireNonNull(tiny.tokenTypeIds()));
        }
        return inputs;
    }
}
