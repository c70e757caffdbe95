package dev.parlance.train.encoder;

import java.util.List;

/**
 * What loading weights left to say.
 *
 * @param initialized parameters that the file lacks and that now hold new random values
 * @param ignored names in the file that this model does not use
 */
public record LoadReport(List<String> initialized, List<String> ignored) {
    public LoadReport {
        initialized = List.copyOf(initialized);
        ignored = List.copyOf(ignored);
    }
}
