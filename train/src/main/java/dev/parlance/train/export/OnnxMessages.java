package dev.parlance.train.export;

import com.google.protobuf.CodedOutputStream;
import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Graph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The messages of an ONNX file but for tensor data, as bytes. Field numbers are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
final class OnnxMessages {
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_NAME = 3;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_DOMAIN = 7;

    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_FLOAT = 2;
    private static final int ATTRIBUTE_INT = 3;
    private static final int ATTRIBUTE_INTS = 8;
    private static final int ATTRIBUTE_TYPE = 20;
    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    private static final int VALUE_NAME = 1;
    private static final int VALUE_TYPE = 2;
    private static final int TYPE_TENSOR = 1;
    private static final int TENSOR_TYPE_ELEMENT = 1;
    private static final int TENSOR_TYPE_SHAPE = 2;
    private static final int SHAPE_DIM = 1;
    private static final int DIM_VALUE = 1;
    private static final int DIM_PARAM = 2;

    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_DATA_TYPE = 2;
    private static final int TENSOR_NAME = 8;

    private static final int OPSET_DOMAIN = 1;
    private static final int OPSET_VERSION = 2;

    private OnnxMessages() {}

    /** Writes the fields of one message. */
    @FunctionalInterface
    interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Fields fields) {
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

    static byte[] node(Graph.Node node) {
        return message(out -> {
            for (String input : node.inputs()) {
                out.writeString(NODE_INPUT, input);
            }
            for (String output : node.outputs()) {
                out.writeString(NODE_OUTPUT, output);
            }
            out.writeString(NODE_NAME, node.output());
            out.writeString(NODE_OP_TYPE, node.opType());
            for (Attribute attribute : node.attributes()) {
                out.writeByteArray(NODE_ATTRIBUTE, attribute(attribute));
            }
            if (!node.domain().isEmpty()) {
                out.writeString(NODE_DOMAIN, node.domain());
            }
        });
    }

    private static byte[] attribute(Attribute attribute) {
        return message(out -> {
            out.writeString(ATTRIBUTE_NAME, attribute.name());
            if (attribute.value() instanceof Float value) {
                out.writeFloat(ATTRIBUTE_FLOAT, value);
                out.writeEnum(ATTRIBUTE_TYPE, TYPE_FLOAT);
            } else if (attribute.value() instanceof Long value) {
                out.writeInt64(ATTRIBUTE_INT, value);
                out.writeEnum(ATTRIBUTE_TYPE, TYPE_INT);
            } else {
                for (Object value : (List<?>) attribute.value()) {
                    out.writeInt64(ATTRIBUTE_INTS, (Long) value);
                }
                out.writeEnum(ATTRIBUTE_TYPE, TYPE_INTS);
            }
        });
    }

    static byte[] value(Graph.Value value) {
        byte[] shape = message(out -> {
            for (String dim : value.dims()) {
                out.writeByteArray(SHAPE_DIM, dim(dim));
            }
        });
        byte[] tensor = message(out -> {
            out.writeEnum(TENSOR_TYPE_ELEMENT, value.dtype().onnxCode());
            out.writeByteArray(TENSOR_TYPE_SHAPE, shape);
        });
        byte[] type = message(out -> out.writeByteArray(TYPE_TENSOR, tensor));
        return message(out -> {
            out.writeString(VALUE_NAME, value.name());
            out.writeByteArray(VALUE_TYPE, type);
        });
    }

    private static byte[] dim(String dim) {
        boolean fixed = Character.isDigit(dim.charAt(0));
        return message(out -> {
            if (fixed) {
                out.writeInt64(DIM_VALUE, Long.parseLong(dim));
            } else {
                out.writeString(DIM_PARAM, dim);
            }
        });
    }

    /** A TensorProto without its raw_data. */
    static byte[] tensorHeader(Graph.Initializer initializer) {
        return message(out -> {
            for (long size : initializer.data().shape()) {
                out.writeInt64(TENSOR_DIMS, size);
            }
            out.writeEnum(TENSOR_DATA_TYPE, initializer.data().dtype().onnxCode());
            out.writeString(TENSOR_NAME, initializer.name());
        });
    }

    static byte[] opset(String domain, long version) {
        return message(out -> {
            out.writeString(OPSET_DOMAIN, domain);
            out.writeInt64(OPSET_VERSION, version);
        });
    }
}
