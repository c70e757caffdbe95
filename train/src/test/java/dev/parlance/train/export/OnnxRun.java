package dev.parlance.train.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Graph;
import dev.parlance.train.tensor.GraphRecorder;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Small graphs, traced, rewritten, written and run. */
final class OnnxRun {
    private OnnxRun() {}

    /** What a forward over one input gives after a rewrite of its graph; the graph is left in {@code file}. */
    static float[] rewritten(
            Path file,
            Tensor input,
            Map<String, Tensor> parameters,
            UnaryOperator<Tensor> forward,
            Consumer<GraphEditor> rewrite)
            throws IOException, OrtException {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Graph graph;
            try (GraphRecorder recorder = GraphRecorder.start()) {
                parameters.forEach(recorder::parameter);
                String[] dims = new String[input.rank()];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = "d" + i;
                }
                recorder.input("x", input, dims);
                Tensor result = forward.apply(input);
                String[] results = new String[result.rank()];
                for (int i = 0; i < results.length; i++) {
                    results[i] = "r" + i;
                }
                recorder.output("y", result, results);
                graph = recorder.graph();
            }
            GraphEditor editor = new GraphEditor(graph);
            rewrite.accept(editor);
            OnnxWriter.write(editor.toGraph(), Opset.DEFAULT, file);
            return run(file, Map.of("x", input));
        }
    }

    static float[] run(Path file, Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString(), new OrtSession.SessionOptions())) {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                Tensor value = input.getValue();
                fed.put(
                        input.getKey(),
                        value.dtype() == Dtype.INT64
                                ? OnnxTensor.createTensor(environment, LongBuffer.wrap(value.toLongs()), value.shape())
                                : OnnxTensor.createTensor(
                                        environment, FloatBuffer.wrap(value.toFloats()), value.shape()));
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

    /** Whether an operator of this name stands in the file; names of values must not contain it. */
    static boolean hasOperator(Path file, String opType) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String field = "\"" + (char) opType.length() + opType; // field 4 of a node, its length, its text
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(field);
    }
}
