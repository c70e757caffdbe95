package dev.parlance.server.engine;

import dev.parlance.data.Example;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts for a model.
 *
 * @param model the name of the model
 * @param version a version of it; null leaves it to the registry: the default one, or at times a canary
 * @param inputs texts or pairs, at least one
 * @param truncate whether a text longer than the model can take is cut at its end; if not, it is refused; null takes the
 *     server's setting
 * @param timeout how long an answer is of use; null takes the server's setting
 */
public record Request(
        String model,
        @Nullable String version,
        List<Example> inputs,
        @Nullable Boolean truncate,
        @Nullable Duration timeout) {
    public Request {
        inputs = List.copyOf(inputs);
    }

    /** Texts for the default version, by the server's settings. */
    public static Request of(String model, List<Example> inputs) {
        return new Request(model, null, inputs, null, null);
    }
}
