package dev.parlance.tokenize;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** Directories of small tokenizers: see runs/reference/tokenizer_fixtures.py. */
final class Fixtures {
    private Fixtures() {}

    static Path directory(String name) {
        URL file = Objects.requireNonNull(Fixtures.class.getResource(name + "/tokenizer.json"), name);
        try {
            return Objects.requireNonNull(Path.of(file.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
