package dev.parlance.train.weights;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights in the safetensors format, in one file or in shards. Values of F32, F16 and BF16 are read as 32-bit floats;
 * tensors of other types are listed and can't be read as floats ({@link #longs} reads I64, such as position ids).
 *
 * <p>Files are mapped, not loaded, and must not change while open. Reading is thread-safe. Wrong files end in a
 * {@link UserError}. Source: https://github.com/huggingface/safetensors#format.
 */
public final class Safetensors implements WeightSource {
    /** The file name of unsharded weights in a model directory. */
    public static final String FILE = "model.safetensors";

    /** The file name of the list of shards in a model directory. */
    public static final String INDEX = "model.safetensors.index.json";

    private final Path origin;
    private final Map<String, SafetensorsFile> fileOf;

    private Safetensors(Path origin, Map<String, SafetensorsFile> fileOf) {
        this.origin = origin;
        this.fileOf = Collections.unmodifiableMap(fileOf);
    }

    /** Opens one file. */
    public static Safetensors open(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        Map<String, SafetensorsFile> fileOf = new LinkedHashMap<>();
        file.names().forEach(name -> fileOf.put(name, file));
        return new Safetensors(path, fileOf);
    }

    /** Opens the weights of a model directory: {@value #FILE}, or else the shards that {@value #INDEX} lists. */
    public static Safetensors openModel(Path directory) {
        if (Files.isRegularFile(directory.resolve(FILE))) {
            return open(directory.resolve(FILE));
        }
        if (Files.isRegularFile(directory.resolve(INDEX))) {
            return openShards(ShardIndex.read(directory.resolve(INDEX)));
        }
        throw new UserError(directory + " has neither " + FILE + " nor " + INDEX
                + ": name a directory with a model in Hugging Face layout");
    }

    /**
     * Writes all parameters of {@code source} as F32 to one file, replacing it only when the new one is complete. The order
     * is that of {@code source.names()}.
     *
     * @throws IOException if the disk fails or is full; {@code target} is then as before
     */
    public static void write(Path target, WeightSource source) throws IOException {
        SafetensorsWriter.write(target, source);
    }

    private static Safetensors openShards(ShardIndex index) {
        Map<String, SafetensorsFile> opened = new LinkedHashMap<>();
        Map<String, SafetensorsFile> fileOf = new LinkedHashMap<>();
        Safetensors weights = new Safetensors(index.path(), fileOf);
        try {
            for (Map.Entry<String, Path> shard : index.shardOf().entrySet()) {
                String name = shard.getKey();
                SafetensorsFile file = opened.computeIfAbsent(
                        shard.getValue().toString(), path -> SafetensorsFile.open(Path.of(path)));
                fileOf.put(name, file);
                if (!file.names().contains(name)) {
                    throw new UserError(index.path() + " says that " + name + " is in "
                            + shard.getValue().getFileName() + ", but it is not: download the model again");
                }
            }
            index.checkComplete(opened.values());
            return weights;
        } catch (RuntimeException e) {
            opened.values().forEach(SafetensorsFile::close);
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return fileOf.keySet();
    }

    @Override
    public long[] shape(String name) {
        return file(name).shape(name);
    }

    /** Whether {@link #copyInto} can read a tensor: it is of type F32, F16 or BF16. */
    public boolean isFloat(String name) {
        return file(name).type(name).isReadable();
    }

    /**
     * {@inheritDoc}
     *
     * @throws UserError if the tensor is of another type than F32, F16 or BF16
     */
    @Override
    public void copyInto(String name, FloatBuffer target) {
        file(name).copyInto(name, target);
    }

    /**
     * Reads a tensor of whole numbers, in row-major order.
     *
     * @throws UserError if the tensor is of another type than I64
     */
    public long[] longs(String name) {
        return file(name).longs(name);
    }

    @Override
    public void close() {
        fileOf.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile file(String name) {
        SafetensorsFile file = fileOf.get(name);
        if (file == null) {
            throw new IllegalArgumentException(origin + " has no tensor " + name);
        }
        return file;
    }
}
