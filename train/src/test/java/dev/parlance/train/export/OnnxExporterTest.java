package dev.parlance.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.head.TinyModel;
import dev.parlance.train.tensor.GraphRecorder;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorException;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxExporterTest {
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
    void runs_at_other_shapes_than_it_was_traced_at(String name) throws Exception {
        TinyModel tiny = TinyModel.of(name);
        Path file = directory.resolve("model.onnx");
        try (SequenceClassifier model = tiny.load()) {
            model.train(true);
            OnnxExporter.exportClassifier(model, file);
            assertThat(model.isTraining()).isTrue();
            model.train(false);
            try (OrtSession session = session(file)) {
                compare(model, session, 1, 1);
                compare(model, session, 5, 17);
            }
        }
    }

    @Test
    void encoder_alone_gives_hidden_states() throws Exception {
        TinyModel tiny = TinyModel.of("electra");
        Path file = directory.resolve("model.onnx");
        try (SequenceClassifier model = tiny.load()) {
            OnnxExporter.exportEncoder(model.encoder(), file);
        }
        try (OrtSession session = session(file);
                TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            inputs.put("input_ids", tiny.inputIds());
            inputs.put("attention_mask", tiny.attentionMask());
            inputs.put("token_type_ids", java.util.Objects.requireNonNull(tiny.tokenTypeIds()));
            assertThat(session.getOutputNames()).containsExactly("last_hidden_state");
            float[] expected = tiny.expected("last_hidden_state");
            long[] mask = tiny.attentionMask().toLongs();
            float[] found = run(session, inputs);
            for (int i = 0; i < expected.length; i++) {
                if (mask[i / tiny.config().hiddenSize()] == 1) {
                    assertThat(found[i]).isEqualTo(expected[i], offset(1e-5f));
                }
            }
        }
    }

    @Test
    void asks_for_token_types_only_where_the_model_has_them() throws Exception {
        for (String name : new String[] {"bert", "roberta", "distilbert"}) {
            Path file = directory.resolve(name + ".onnx");
            try (SequenceClassifier model = TinyModel.of(name).load()) {
                OnnxExporter.exportClassifier(model, file);
            }
            try (OrtSession session = session(file)) {
                assertThat(session.getInputNames().contains("token_type_ids")).isEqualTo(name.equals("bert"));
            }
        }
    }

    @Test
    void leaves_no_file_when_the_directory_cannot_be_written() throws Exception {
        Path occupied = Files.writeString(directory.resolve("file"), "x");
        try (SequenceClassifier model = TinyModel.of("bert").load()) {
            assertThatThrownBy(() -> OnnxExporter.exportClassifier(model, occupied.resolve("model.onnx")))
                    .isInstanceOf(java.io.IOException.class);
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.onnx");
    }

    @Test
    void refuses_to_read_a_dynamic_size_while_tracing() {
        try (TensorScope scope = TensorScope.open();
                GraphRecorder recorder = GraphRecorder.start()) {
            Tensor ids = Tensor.fromLongs(new long[6], 2, 3);
            recorder.input("input_ids", ids, "batch", "sequence");
            assertThatThrownBy(() -> ids.size(1))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("would fix a dynamic size");
            assertThatThrownBy(() -> ids.add(Tensor.fromLongs(new long[6], 2, 3)))
                    .hasMessageContaining("made outside the trace");
        }
    }

    @Test
    void exporting_leaks_nothing() throws Exception {
        try (SequenceClassifier model = TinyModel.of("bert").load()) {
            long before = Torch.nativeObjects();
            for (int i = 0; i < 3; i++) {
                OnnxExporter.exportClassifier(model, directory.resolve("model.onnx"));
            }
            assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
        }
    }

    private static void compare(SequenceClassifier model, OrtSession session, int batch, int length) throws Exception {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            SplittableRandom random = new SplittableRandom(batch);
            int pad = model.encoder().config().padTokenId();
            long[] ids = new long[batch * length];
            long[] mask = new long[batch * length];
            long[] types = new long[batch * length];
            for (int i = 0; i < ids.length; i++) {
                boolean padding = i % length > 0 && i % length >= length - i / length; // row r ends in r paddings
                ids[i] = padding ? pad : random.nextInt(2, 40);
                mask[i] = padding ? 0 : 1;
                types[i] = padding ? 0 : random.nextInt(2);
            }
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            inputs.put("input_ids", Tensor.fromLongs(ids, batch, length));
            inputs.put("attention_mask", Tensor.fromLongs(mask, batch, length));
            if (model.encoder().config().takesTokenTypeIds()) {
                inputs.put("token_type_ids", Tensor.fromLongs(types, batch, length));
            }
            Tensor[] tensors = inputs.values().toArray(new Tensor[0]);
            Tensor logits = model.forward(tensors[0], tensors[1], tensors.length > 2 ? tensors[2] : null);
            assertThat(run(session, inputs)).containsExactly(logits.toFloats(), offset(1e-5f));
        }
    }

    private static OrtSession session(Path file) throws OrtException {
        return OrtEnvironment.getEnvironment().createSession(file.toString(), new OrtSession.SessionOptions());
    }

    private static float[] run(OrtSession session, Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                LongBuffer values = LongBuffer.wrap(input.getValue().toLongs());
                fed.put(
                        input.getKey(),
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(),
                                values,
                                input.getValue().shape()));
            }
            try (OrtSession.Result result = session.run(fed)) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] array = new float[values.remaining()];
                values.get(array);
                return array;
            }
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }
}
