package dev.parlance.train.export;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.parlance.config.UserError;
import dev.parlance.train.tensor.Graph;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a traced graph as an ONNX file. Protocol buffers put the length of a message before it, so all lengths are
 * computed first and weights then go from native memory to the file without a copy of the model.
 */
final class OnnxWriter {
    private static final int MODEL_IR_VERSION = 1;
    private static final int MODEL_PRODUCER = 2;
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_NAME = 2;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int TENSOR_RAW_DATA = 9;

    private static final int BUFFER_BYTES = 1 << 16;

    private final List<Tensor> tensors;
    private final byte[] frame;
    private final long graphBytes;
    private final Opset opset;
    private final boolean contrib;

    /** An initializer laid out: its header and the number of bytes after it. */
    private record Tensor(Graph.Initializer initializer, byte[] header, long rawBytes) {
        static Tensor of(Graph.Initializer initializer) {
            long bytes = initializer.data().numel() * initializer.data().dtype().bytes();
            return new Tensor(initializer, OnnxMessages.tensorHeader(initializer), bytes);
        }

        long bytes() {
            return header.length
                    + CodedOutputStream.computeTagSize(TENSOR_RAW_DATA)
                    + sizeOfLength(rawBytes)
                    + rawBytes;
        }
    }

    private OnnxWriter(Graph graph, Opset opset) {
        this.opset = opset;
        contrib = graph.nodes().stream().anyMatch(node -> node.domain().equals(Graph.Node.CONTRIB));
        tensors = graph.initializers().stream().map(Tensor::of).toList();
        frame = frame(graph);
        long initializers = tensors.stream()
                .mapToLong(
                        t -> CodedOutputStream.computeTagSize(GRAPH_INITIALIZER) + sizeOfLength(t.bytes()) + t.bytes())
                .sum();
        graphBytes = frame.length + initializers;
    }

    /** Writes the file, complete or not at all. The graph must have operators of {@code opset} alone. */
    static void write(Graph graph, Opset opset, Path target) throws IOException {
        OnnxWriter writer = new OnnxWriter(graph, opset);
        if (writer.graphBytes > Integer.MAX_VALUE - BUFFER_BYTES) {
            throw new UserError(target + ": the model needs " + (writer.graphBytes >> 20)
                    + " MiB but an ONNX file holds 2048 MiB at most; train a smaller model or skip the export");
        }
        AtomicFiles.write(target, channel -> writer.writeModel(Channels.newOutputStream(channel)));
    }

    private static byte[] frame(Graph graph) {
        return OnnxMessages.message(out -> {
            for (Graph.Node node : graph.nodes()) {
                out.writeByteArray(GRAPH_NODE, OnnxMessages.node(node));
            }
            out.writeString(GRAPH_NAME, "parlance");
            for (Graph.Value input : graph.inputs()) {
                out.writeByteArray(GRAPH_INPUT, OnnxMessages.value(input));
            }
            for (Graph.Value output : graph.outputs()) {
                out.writeByteArray(GRAPH_OUTPUT, OnnxMessages.value(output));
            }
        });
    }

    private void writeModel(OutputStream stream) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(stream, BUFFER_BYTES);
        out.writeInt64(MODEL_IR_VERSION, opset.irVersion());
        out.writeString(MODEL_PRODUCER, "parlance");
        out.writeByteArray(MODEL_OPSET, OnnxMessages.opset(Graph.Node.ONNX, opset.version()));
        if (contrib) {
            out.writeByteArray(MODEL_OPSET, OnnxMessages.opset(Graph.Node.CONTRIB, 1));
        }
        startMessage(out, MODEL_GRAPH, graphBytes);
        out.writeRawBytes(frame);
        for (Tensor tensor : tensors) {
            startMessage(out, GRAPH_INITIALIZER, tensor.bytes());
            out.writeRawBytes(tensor.header());
            startMessage(out, TENSOR_RAW_DATA, tensor.rawBytes());
            writeRaw(out, tensor);
        }
        out.flush();
    }

    private static void writeRaw(CodedOutputStream out, Tensor tensor) throws IOException {
        try {
            tensor.initializer().data().withBytes(bytes -> {
                try {
                    writeInPieces(out, bytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeInPieces(CodedOutputStream out, ByteBuffer bytes) throws IOException {
        byte[] piece = new byte[BUFFER_BYTES];
        while (bytes.hasRemaining()) {
            int count = Math.min(piece.length, bytes.remaining());
            bytes.get(piece, 0, count);
            out.writeRawBytes(piece, 0, count);
        }
    }

    private static void startMessage(CodedOutputStream out, int field, long bytes) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag((int) bytes);
    }

    private static int sizeOfLength(long bytes) {
        return CodedOutputStream.computeUInt64SizeNoTag(bytes);
    }
}
