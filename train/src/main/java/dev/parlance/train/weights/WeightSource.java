package dev.parlance.train.weights;

import java.nio.FloatBuffer;
import java.util.Set;

/** Named weights in row-major order, whatever file or precision they are stored in; always read as 32-bit floats. */
public interface WeightSource extends AutoCloseable {
    /** All names, in the order of the file. */
    Set<String> names();

    /**
     * Sizes of each dimension, outermost first; empty for a scalar.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    long[] shape(String name);

    /**
     * Writes every element of the named weight into the buffer, from its position on.
     *
     * @throws IllegalArgumentException if there is no such name or the buffer's remaining size is not the element count
     */
    void copyInto(String name, FloatBuffer target);

    /** Lets go of the file behind this source, if there is one; safe to call twice. */
    @Override
    default void close() {}
}
