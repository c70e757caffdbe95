package dev.parlance.train.linear;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * A linear model as an ONNX graph: int64 {@code feature_ids} and float {@code feature_values}, both {@code [batch, features]},
 * to float {@code logits [batch, labels]}. It gathers the row of weights of each feature and sums the rows times the values.
 * The last row of the weights has the intercepts: its id, which is the number of features, goes with the value 1 into every
 * text once. Pad with id 0 and value 0. Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
public final class LinearOnnx {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int BUFFER_BYTES = 1 << 16;

    private LinearOnnx() {}

    /** Writes the fields of one message. */
    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /**
     * Writes the file, complete or not at all.
     *
     * @throws UserError if the model is over the 2 GiB that an ONNX file can hold
     */
    public static void write(LinearModel model, Path target) throws IOException {
        long raw = (long) Float.BYTES * model.weights().length;
        if (raw > Integer.MAX_VALUE - BUFFER_BYTES) {
            throw new UserError(target + ": the model has " + (raw >> 20)
                    + " MiB of weights but an ONNX file holds 2048 MiB at most; lower linear.max_weights");
        }
        AtomicFiles.write(target, channel -> writeModel(model, (int) raw, Channels.newOutputStream(channel)));
    }

    private static void writeModel(LinearModel model, int raw, OutputStream stream) throws IOException {
        byte[] frame = frame(model);
        byte[] header = message(
                out -> { // TensorProto: dims, data_type, name
                    out.writeInt64(1, model.features() + 1L);
                    out.writeInt64(1, model.labels());
                    out.writeEnum(2, FLOAT);
                    out.writeString(8, "weight");
                });
        int tensor = header.length + CodedOutputStream.computeTagSize(9) + sizeOfLength(raw) + raw;
        int graph = frame.length + CodedOutputStream.computeTagSize(5) + sizeOfLength(tensor) + tensor;
        CodedOutputStream out = CodedOutputStream.newInstance(stream, BUFFER_BYTES);
        out.writeInt64(1, IR_VERSION); // ModelProto: ir_version, producer_name, opset_import, graph
        out.writeString(2, "parlance");
        out.writeByteArray(8, message(opset -> opset.writeInt64(2, OPSET)));
        startMessage(out, 7, graph);
        out.writeRawBytes(frame);
        startMessage(out, 5, tensor);
        out.writeRawBytes(header);
        startMessage(out, 9, raw);
        for (float weight : model.weights()) {
            out.writeFixed32NoTag(Float.floatToRawIntBits(weight));
        }
        out.flush();
    }

    /** GraphProto without the weights: node, name, initializer, input, output. */
    private static byte[] frame(LinearModel model) {
        return message(out -> {
            out.writeByteArray(1, node("Gather", List.of("weight", "feature_ids"), "rows"));
            out.writeByteArray(1, node("Unsqueeze", List.of("feature_values", "middle"), "row_values"));
            out.writeByteArray(1, node("MatMul", List.of("row_values", "rows"), "sums"));
            out.writeByteArray(1, node("Squeeze", List.of("sums", "middle"), "logits"));
            out.writeString(2, "parlance-linear");
            out.writeByteArray(
                    5,
                    message(
                            axis -> { // [1], int64: the dimension of length 1 in the product
                                axis.writeInt64(1, 1);
                                axis.writeEnum(2, INT64);
                                axis.writeString(8, "middle");
                                axis.writeByteArray(9, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
                            }));
            out.writeByteArray(11, value("feature_ids", INT64, "features"));
            out.writeByteArray(11, value("feature_values", FLOAT, "features"));
            out.writeByteArray(12, value("logits", FLOAT, Integer.toString(model.labels())));
        });
    }

    private static byte[] node(String operator, List<String> inputs, String output) {
        return message(
                out -> { // NodeProto: input, output, name, op_type
                    for (String input : inputs) {
                        out.writeString(1, input);
                    }
                    out.writeString(2, output);
                    out.writeString(3, output);
                    out.writeString(4, operator);
                });
    }

    /** ValueInfoProto of a matrix whose first dimension is the batch. */
    private static byte[] value(String name, int type, String width) {
        byte[] shape = message(out -> {
            out.writeByteArray(1, message(dim -> dim.writeString(2, "batch")));
            out.writeByteArray(1, message(dim -> {
                if (Character.isDigit(width.charAt(0))) {
                    dim.writeInt64(1, Long.parseLong(width));
                } else {
                    dim.writeString(2, width);
                }
            }));
        });
        byte[] tensor = message(out -> {
            out.writeEnum(1, type);
            out.writeByteArray(2, shape);
        });
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, message(typeOut -> typeOut.writeByteArray(1, tensor)));
        });
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory alone is written
        }
        return bytes.toByteArray();
    }

    private static void startMessage(CodedOutputStream out, int field, int bytes) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(bytes);
    }

    private static int sizeOfLength(int bytes) {
        return CodedOutputStream.computeUInt32SizeNoTag(bytes);
    }
}
