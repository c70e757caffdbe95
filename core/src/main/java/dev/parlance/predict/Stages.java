package dev.parlance.predict;

import dev.parlance.data.Example;
import java.util.List;

/**
 * How examples become predictions, in two stages of which the first may run ahead on another thread. One implementation for
 * each kind of model.
 *
 * @param <E> an example as the first stage leaves it
 */
interface Stages<E> extends AutoCloseable {
    /** About how many chars of a text the model sees at most. */
    int seenChars();

    /** What the model takes, without running it; in the order of the examples. */
    List<E> encode(List<Example> examples);

    /** What an encoded example costs to run: tokens or features. */
    int length(E encoded);

    /** How many tokens of an encoded example were cut off. */
    int truncatedTokens(E encoded);

    /** Runs the model; in the order of the examples, which are those that were encoded. */
    List<Prediction> run(List<Example> examples, List<E> encoded);

    @Override
    void close();
}
