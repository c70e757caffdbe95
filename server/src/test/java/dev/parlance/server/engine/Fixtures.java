package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.predict.Pipeline;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A classifier of ten words, real or with a network under the test's control. */
final class Fixtures {
    static final TextClassification TASK = new TextClassification(List.of("negative", "positive"));
    static final int MAX_LENGTH = 64;

    private Fixtures() {}

    /** The directory of a model that can be served. */
    static Path words() {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("words/config.json"))
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Pipeline pipeline(ControlledModel model) {
        return new Pipeline(Tokenizer.load(words(), MAX_LENGTH), TASK, model);
    }

    static ModelInfo info(String name, String version) {
        return new ModelInfo(name, version, TASK, "bert", MAX_LENGTH, 0, "float32", words(), Instant.EPOCH);
    }

    /** A text of that many tokens, of which two are special ones. */
    static Example text(int tokens) {
        return Example.of("good ".repeat(tokens - 2).trim());
    }

    /** Waits until something holds; fails if it does not within ten seconds. */
    static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come about within 10 s");
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
