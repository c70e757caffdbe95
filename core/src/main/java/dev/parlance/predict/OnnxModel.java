package dev.parlance.predict;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.parlance.config.CacheDirectory;
import dev.parlance.config.UserError;
import dev.parlance.linear.FeatureBatch;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ONNX file in ONNX Runtime, on the processor. Takes {@code input_ids} and, where the file has them,
 * {@code attention_mask} and {@code token_type_ids}, all int64 {@code [batch, sequence]}, or, for a linear model, int64
 * {@code feature_ids} and float {@code feature_values}, both {@code [batch, features]}; gives the output {@code logits}, or
 * else the file's first, as float. Safe for concurrent use.
 */
public final class OnnxModel implements Model {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);
    private static final String FEATURE_IDS = "feature_ids";
    private static final String FEATURE_VALUES = "feature_values";
    private static final Map<String, OnnxJavaType> TOKEN_INPUTS = Map.of(
            "input_ids", OnnxJavaType.INT64,
            "attention_mask", OnnxJavaType.INT64,
            "token_type_ids", OnnxJavaType.INT64);
    private static final Map<String, OnnxJavaType> FEATURE_INPUTS =
            Map.of(FEATURE_IDS, OnnxJavaType.INT64, FEATURE_VALUES, OnnxJavaType.FLOAT);

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Path file;
    private final String output;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final ArrayDeque<Buffers> idle = new ArrayDeque<>(); // guarded by itself
    private boolean closed; // guarded by the lock

    private OnnxModel(OrtEnvironment environment, OrtSession session, Path file, Map<String, OnnxJavaType> inputs)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.file = file;
        this.output = checkedOutput(session, file);
        checkInputs(session, file, inputs);
    }

    /** Version of ONNX Runtime, for example {@code 1.23.2}. */
    public static String runtimeVersion() {
        return environment().getVersion();
    }

    /** Opens a model file with one thread per core. */
    public static OnnxModel load(Path file) {
        return load(file, OnnxOptions.defaults());
    }

    /**
     * Opens a model file. It is mapped into memory, so it must stay as it is while the model is open.
     *
     * @throws UserError if the file is missing, is no ONNX model, or has other inputs or outputs than a text model
     */
    public static OnnxModel load(Path file, OnnxOptions options) {
        OnnxModel model = load(file, options, TOKEN_INPUTS);
        if (!model.session.getInputNames().contains("input_ids")) {
            Set<String> found = model.session.getInputNames();
            model.close();
            throw new UserError(file + " has inputs " + found + ", expected input_ids to be among them");
        }
        return model;
    }

    /**
     * Opens the file of a linear model, which takes {@link FeatureBatch}es.
     *
     * @throws UserError if the file is missing, is no ONNX model, or has other inputs or outputs than a linear model
     */
    public static OnnxModel loadLinear(Path file, OnnxOptions options) {
        return load(file, options, FEATURE_INPUTS);
    }

    private static OnnxModel load(Path file, OnnxOptions options, Map<String, OnnxJavaType> inputs) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is not a file, expected a model in ONNX format");
        }
        OrtEnvironment environment = environment();
        try (OrtSession.SessionOptions settings = settings(options)) {
            OrtSession session = environment.createSession(file.toString(), settings);
            try {
                return new OnnxModel(environment, session, file, inputs);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new UserError(file + " is no model that ONNX Runtime can open: " + firstLine(e), e);
        }
    }

    @Override
    public Logits forward(Batch batch) {
        long[] shape = {batch.size(), batch.sequenceLength()};
        return forward(shape, (name, buffers) -> {
            LongBuffer data = buffers.fill(name, rows(batch, name));
            return OnnxTensor.createTensor(environment, data, shape);
        });
    }

    /** Runs a linear model on a batch. */
    public Logits forward(FeatureBatch batch) {
        long[] shape = {batch.rows(), batch.width()};
        return forward(
                shape,
                (name, buffers) -> name.equals(FEATURE_IDS)
                        ? OnnxTensor.createTensor(environment, buffers.fill(name, new long[][] {batch.ids()}), shape)
                        : OnnxTensor.createTensor(environment, buffers.fill(batch.values()), shape));
    }

    /** Makes the tensor of one input. */
    private interface Input {
        OnnxTensor make(String name, Buffers buffers) throws OrtException;
    }

    private Logits forward(long[] shape, Input input) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model " + file + " is closed");
            }
            Buffers buffers = borrow();
            try {
                return run(input, buffers);
            } finally {
                giveBack(buffers);
            }
        } catch (OrtException e) {
            throw new IllegalStateException(
                    file + " failed on a batch of " + shape[0] + " x " + shape[1] + " tokens or features: "
                            + firstLine(e),
                    e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Frees the session once running calls are done; later calls fail. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException(file + " cannot be closed: " + firstLine(e), e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Logits run(Input input, Buffers buffers) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String name : session.getInputNames()) {
                inputs.put(name, input.make(name, buffers));
            }
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                return logits(result.get(0));
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static long[][] rows(Batch batch, String input) {
        return switch (input) {
            case "input_ids" -> batch.inputIds();
            case "attention_mask" -> batch.attentionMask();
            case "token_type_ids" -> batch.tokenTypeIds();
            default -> throw new IllegalStateException("unchecked input " + input);
        };
    }

    private static Logits logits(OnnxValue value) {
        OnnxTensor tensor = (OnnxTensor) value;
        int[] shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return new Logits(values, shape);
    }

    private Buffers borrow() {
        synchronized (idle) {
            return idle.isEmpty() ? new Buffers() : idle.pop();
        }
    }

    private void giveBack(Buffers buffers) {
        synchronized (idle) {
            idle.push(buffers);
        }
    }

    private static void checkInputs(OrtSession session, Path file, Map<String, OnnxJavaType> known)
            throws OrtException {
        for (NodeInfo input : session.getInputInfo().values()) {
            OnnxJavaType type = known.get(input.getName());
            if (type == null || !(input.getInfo() instanceof TensorInfo info) || info.type != type) {
                String expected = known == TOKEN_INPUTS
                        ? "int64 input_ids, attention_mask and token_type_ids"
                        : "int64 feature_ids and float feature_values";
                throw new UserError(file + " has an input " + input.getName() + " of " + input.getInfo() + ", expected "
                        + expected);
            }
        }
        if (known == FEATURE_INPUTS && session.getNumInputs() != known.size()) {
            throw new UserError(file + " has inputs " + session.getInputNames() + ", expected " + known.keySet());
        }
    }

    private static String checkedOutput(OrtSession session, Path file) throws OrtException {
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        String name = outputs.containsKey("logits")
                ? "logits"
                : session.getOutputNames().iterator().next();
        NodeInfo node = outputs.get(name);
        if (node == null || !(node.getInfo() instanceof TensorInfo info) || info.type != OnnxJavaType.FLOAT) {
            throw new UserError(file + " has an output " + name + " that is no float tensor, expected float logits");
        }
        return name;
    }

    private static OrtSession.SessionOptions settings(OnnxOptions options) throws OrtException {
        OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
        settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        settings.setIntraOpNumThreads(options.threads());
        settings.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
        settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        return settings;
    }

    private static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown error");
    }

    /** The process's one environment, made on first use. */
    private static OrtEnvironment environment() {
        if (Loaded.FAILURE.isEmpty()) {
            return OrtEnvironment.getEnvironment();
        }
        throw new UserError("ONNX Runtime cannot be loaded on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ": " + Loaded.FAILURE
                + "; set PARLANCE_HOME to a directory that is writable and not noexec");
    }

    /** Loads the native library; a failure is kept, since a class whose initializer throws is lost. */
    private static final class Loaded {
        static final String FAILURE = load();

        private static String load() {
            String property = "onnxruntime.native.path";
            boolean unset = System.getProperty(property) == null;
            if (unset) {
                Path natives = CacheDirectory.path().resolve("natives");
                new OnnxNatives(OrtEnvironment.class, natives)
                        .unpack()
                        .ifPresent(directory -> System.setProperty(property, directory.toString()));
            }
            try {
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR)
                        .setTelemetry(false);
                return "";
            } catch (OrtException | RuntimeException | LinkageError e) {
                LOG.debug("ONNX Runtime cannot be loaded", e);
                return e.toString();
            } finally {
                if (unset) {
                    System.clearProperty(property);
                }
            }
        }
    }

    /** Native memory for the inputs of one call, kept for the next. */
    private static final class Buffers {
        private final Map<String, LongBuffer> byInput = new HashMap<>();
        private FloatBuffer floats = FloatBuffer.allocate(0);

        FloatBuffer fill(float[] values) {
            if (floats.capacity() < values.length) {
                floats = ByteBuffer.allocateDirect(values.length * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
            }
            return floats.clear().put(values).flip();
        }

        LongBuffer fill(String input, long[][] rows) {
            int size = rows.length * rows[0].length;
            LongBuffer buffer = byInput.get(input);
            if (buffer == null || buffer.capacity() < size) {
                buffer = ByteBuffer.allocateDirect(size * Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asLongBuffer();
                byInput.put(input, buffer);
            }
            buffer.clear();
            for (long[] row : rows) {
                buffer.put(row);
            }
            return buffer.flip();
        }
    }
}
