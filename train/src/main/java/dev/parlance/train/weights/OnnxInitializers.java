package dev.parlance.train.weights;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.OnnxGraph.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a BERT encoder that PyTorch exported to ONNX, under Hugging Face's names. The graph is checked to be that
 * encoder and nothing else: every weight has its place, every MatMul its bias, every layer its heads.
 *
 * <p>The exporter keeps parameters by name but for the matrices of linear layers, which it transposes to [in, out] and
 * calls {@code onnx::MatMul_787}; their names come from the operations that use them, and they are transposed back.
 */
public final class OnnxInitializers implements WeightSource {
    private final FileChannel channel;
    private final BertGraph graph;

    private OnnxInitializers(FileChannel channel, BertGraph graph) {
        this.channel = channel;
        this.graph = graph;
    }

    /**
     * Opens an exported encoder.
     *
     * @throws UserError if the file is no ONNX file or its graph is no BERT encoder
     */
    public static OnnxInitializers open(Path file) {
        OnnxGraph graph = OnnxReader.read(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return new OnnxInitializers(channel, BertGraph.of(file, graph, tensor -> map(channel, tensor)));
            } catch (RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UserError(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The encoder's sizes, as its weights and its constants agree on them. */
    public BertShape bertShape() {
        return graph.shape();
    }

    @Override
    public Set<String> names() {
        return graph.weights().keySet();
    }

    @Override
    public long[] shape(String name) {
        BertGraph.Weight weight = weight(name);
        long[] stored =
                weight.tensor().shape().stream().mapToLong(Long::longValue).toArray();
        return weight.transposed() ? new long[] {stored[1], stored[0]} : stored;
    }

    @Override
    public void copyInto(String name, FloatBuffer target) {
        BertGraph.Weight weight = weight(name);
        FloatBuffer values = map(channel, weight.tensor()).asFloatBuffer();
        if (target.remaining() != values.remaining()) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + values.remaining() + " elements, the target " + target.remaining());
        }
        if (weight.transposed()) {
            long[] shape = shape(name);
            transpose(values, (int) shape[0], (int) shape[1], target);
        } else {
            target.put(values);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // values are [in, out], the target is [out, in]
    private static void transpose(FloatBuffer values, int out, int in, FloatBuffer target) {
        float[] row = new float[in];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                row[i] = values.get(i * out + o);
            }
            target.put(row);
        }
    }

    private static ByteBuffer map(FileChannel channel, StoredTensor tensor) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset(), tensor.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException("tensor " + tensor.name() + " can't be mapped into memory", e);
        }
    }

    private BertGraph.Weight weight(String name) {
        Map<String, BertGraph.Weight> weights = graph.weights();
        BertGraph.Weight weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("the ONNX file has no weight " + name);
        }
        return weight;
    }
}
