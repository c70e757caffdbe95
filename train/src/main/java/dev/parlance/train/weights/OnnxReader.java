package dev.parlance.train.weights;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.OnnxGraph.Node;
import dev.parlance.train.weights.OnnxGraph.StoredTensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the graph of an ONNX file, without its values and what else it has. Field numbers are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
final class OnnxReader {
    private static final int MAX_ITEMS = 100_000;
    private static final int MAX_RANK = 8;

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_NAME = 3;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_DATA_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW_DATA = 9;

    private final CodedInputStream in;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, StoredTensor> initializers = new LinkedHashMap<>();

    private OnnxReader(CodedInputStream in) {
        this.in = in;
    }

    /** Reads the graph of {@code file}, which has at most 2 GiB as every ONNX file without external data. */
    static OnnxGraph read(Path file) {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            if (Files.size(file) > Integer.MAX_VALUE) {
                throw new UserError(file + " has more than 2 GiB, the bound of the ONNX format");
            }
            OnnxReader reader = new OnnxReader(CodedInputStream.newInstance(stream));
            reader.fields(reader::modelField);
            return new OnnxGraph(reader.nodes, reader.initializers);
        } catch (InvalidProtocolBufferException e) {
            throw new UserError(file + " is no valid ONNX file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Reads the value of a field, or returns false to have it skipped. */
    @FunctionalInterface
    private interface Field {
        boolean read(int number, int wireType) throws IOException;
    }

    private void fields(Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag))) {
                in.skipField(tag);
            }
        }
    }

    private void message(Field field) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        fields(field);
        in.checkLastTagWas(0);
        if (!in.isAtEnd()) {
            throw new InvalidProtocolBufferException("a message ends early");
        }
        in.popLimit(outer);
    }

    private boolean modelField(int number, int wireType) throws IOException {
        if (number != MODEL_GRAPH || wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return false;
        }
        message(this::graphField);
        return true;
    }

    private boolean graphField(int number, int wireType) throws IOException {
        if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return false;
        }
        if (number == GRAPH_NODE) {
            nodes.add(new NodeFields().read());
        } else if (number == GRAPH_INITIALIZER) {
            StoredTensor tensor = new TensorFields().read();
            if (initializers.put(tensor.name(), tensor) != null) {
                throw new InvalidProtocolBufferException("two initializers are called " + tensor.name());
            }
        } else {
            return false;
        }
        if (nodes.size() + initializers.size() > MAX_ITEMS) {
            throw new InvalidProtocolBufferException("more than " + MAX_ITEMS + " nodes and initializers");
        }
        return true;
    }

    private final class NodeFields {
        private final List<String> inputs = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private String name = "";
        private String opType = "";
        private @Nullable StoredTensor value;

        Node read() throws IOException {
            message(this::field);
            return new Node(name, opType, inputs, outputs, value);
        }

        private boolean field(int number, int wireType) throws IOException {
            if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                return false;
            }
            switch (number) {
                case NODE_INPUT -> inputs.add(in.readString());
                case NODE_OUTPUT -> outputs.add(in.readString());
                case NODE_NAME -> name = in.readString();
                case NODE_OP_TYPE -> opType = in.readString();
                case NODE_ATTRIBUTE -> message(this::attributeField);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean attributeField(int number, int wireType) throws IOException {
            if (number != ATTRIBUTE_TENSOR || wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                return false;
            }
            value = new TensorFields().read();
            return true;
        }
    }

    private final class TensorFields {
        private final List<Long> shape = new ArrayList<>();
        private String name = "";
        private int dataType;
        private long offset;
        private int length;

        StoredTensor read() throws IOException {
            message(this::field);
            return new StoredTensor(name, dataType, shape, offset, length);
        }

        private boolean field(int number, int wireType) throws IOException {
            switch (number) {
                case TENSOR_DIMS -> dims(wireType);
                case TENSOR_DATA_TYPE -> dataType = in.readInt32();
                case TENSOR_NAME -> name = in.readString();
                case TENSOR_RAW_DATA -> {
                    length = in.readRawVarint32();
                    offset = in.getTotalBytesRead();
                    in.skipRawBytes(length);
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void dims(int wireType) throws IOException {
            if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                while (in.getBytesUntilLimit() > 0) {
                    shape.add(in.readInt64());
                    checkRank();
                }
                in.popLimit(outer);
            } else {
                shape.add(in.readInt64());
                checkRank();
            }
        }

        private void checkRank() throws InvalidProtocolBufferException {
            if (shape.size() > MAX_RANK) {
                throw new InvalidProtocolBufferException("a tensor has more than " + MAX_RANK + " dimensions");
            }
        }
    }
}
