package dev.parlance.train.track;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The messages of TensorBoard's event files, as bytes. Field numbers are those of
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto (event.proto, summary.proto,
 * tensor.proto). Written by hand as ONNX files are: the classes on Maven Central that are generated from these files are of a
 * protobuf version that no longer runs.
 */
final class EventMessages {
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;

    private static final int SESSION_STATUS = 1;
    private static final int SESSION_START = 1;

    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int VALUE_IMAGE = 4;
    private static final int VALUE_HISTOGRAM = 5;
    private static final int VALUE_TENSOR = 8;
    private static final int VALUE_METADATA = 9;

    private static final int IMAGE_HEIGHT = 1;
    private static final int IMAGE_WIDTH = 2;
    private static final int IMAGE_COLORSPACE = 3;
    private static final int IMAGE_ENCODED = 4;
    private static final int COLORSPACE_RGB = 3;

    private static final int HISTOGRAM_MIN = 1;
    private static final int HISTOGRAM_MAX = 2;
    private static final int HISTOGRAM_NUM = 3;
    private static final int HISTOGRAM_SUM = 4;
    private static final int HISTOGRAM_SUM_SQUARES = 5;
    private static final int HISTOGRAM_BUCKET_LIMIT = 6;
    private static final int HISTOGRAM_BUCKET = 7;

    private static final int TENSOR_DTYPE = 1;
    private static final int TENSOR_SHAPE = 2;
    private static final int TENSOR_STRING = 8;
    private static final int DTYPE_STRING = 7;
    private static final int SHAPE_DIM = 2;
    private static final int DIM_SIZE = 1;
    private static final int METADATA_PLUGIN = 1;
    private static final int PLUGIN_NAME = 1;

    private EventMessages() {}

    /** Writes the fields of one message. */
    @FunctionalInterface
    interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /** The event that every file begins with. */
    static byte[] version(double wallTime) {
        return message(out -> {
            out.writeDouble(EVENT_WALL_TIME, wallTime);
            out.writeString(EVENT_FILE_VERSION, "brain.Event:2");
        });
    }

    /** Says that a run goes on, and that what was written of the steps from this one on does not count. */
    static byte[] restart(double wallTime, long step) {
        byte[] start = message(out -> out.writeEnum(SESSION_STATUS, SESSION_START));
        return message(out -> {
            out.writeDouble(EVENT_WALL_TIME, wallTime);
            out.writeInt64(EVENT_STEP, step);
            out.writeByteArray(EVENT_SESSION_LOG, start);
        });
    }

    /** An event with one value. */
    static byte[] event(double wallTime, long step, byte[] value) {
        byte[] summary = message(out -> out.writeByteArray(SUMMARY_VALUE, value));
        return message(out -> {
            out.writeDouble(EVENT_WALL_TIME, wallTime);
            if (step != 0) { // what is left out is 0
                out.writeInt64(EVENT_STEP, step);
            }
            out.writeByteArray(EVENT_SUMMARY, summary);
        });
    }

    static byte[] scalar(String tag, double number) {
        return message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeFloat(VALUE_SIMPLE, (float) number);
        });
    }

    static byte[] histogram(String tag, Histogram histogram) {
        byte[] proto = message(out -> {
            out.writeDouble(HISTOGRAM_MIN, histogram.min());
            out.writeDouble(HISTOGRAM_MAX, histogram.max());
            out.writeDouble(HISTOGRAM_NUM, (double) histogram.count());
            out.writeDouble(HISTOGRAM_SUM, histogram.sum());
            out.writeDouble(HISTOGRAM_SUM_SQUARES, histogram.sumOfSquares());
            out.writeByteArray(HISTOGRAM_BUCKET_LIMIT, packed(histogram.limits()));
            out.writeByteArray(HISTOGRAM_BUCKET, packed(histogram.counts()));
        });
        return message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeByteArray(VALUE_HISTOGRAM, proto);
        });
    }

    static byte[] image(String tag, int width, int height, byte[] png) {
        byte[] image = message(out -> {
            out.writeInt32(IMAGE_HEIGHT, height);
            out.writeInt32(IMAGE_WIDTH, width);
            out.writeInt32(IMAGE_COLORSPACE, COLORSPACE_RGB);
            out.writeByteArray(IMAGE_ENCODED, png);
        });
        return message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeByteArray(VALUE_IMAGE, image);
        });
    }

    /** A text, which TensorBoard shows as Markdown: a vector of one string for its text plugin. */
    static byte[] text(String tag, String markdown) {
        byte[] dim = message(out -> out.writeInt64(DIM_SIZE, 1));
        byte[] shape = message(out -> out.writeByteArray(SHAPE_DIM, dim));
        byte[] tensor = message(out -> {
            out.writeEnum(TENSOR_DTYPE, DTYPE_STRING);
            out.writeByteArray(TENSOR_SHAPE, shape);
            out.writeByteArray(TENSOR_STRING, markdown.getBytes(StandardCharsets.UTF_8));
        });
        byte[] plugin = message(out -> out.writeString(PLUGIN_NAME, "text"));
        byte[] metadata = message(out -> out.writeByteArray(METADATA_PLUGIN, plugin));
        return message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeByteArray(VALUE_TENSOR, tensor);
            out.writeByteArray(VALUE_METADATA, metadata);
        });
    }

    private static byte[] packed(double[] numbers) {
        return message(out -> {
            for (double number : numbers) {
                out.writeDoubleNoTag(number);
            }
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
}
