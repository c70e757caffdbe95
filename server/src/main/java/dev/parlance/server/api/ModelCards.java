package dev.parlance.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The card of a model: what its {@code README.md} says for people. */
final class ModelCards {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCards.class);
    private static final int MAX_BYTES = 256 << 10;

    private ModelCards() {}

    /** The Markdown source, at most 256 KiB of it, without the YAML block for programs; null if there is none. */
    static @Nullable String read(Path directory) {
        Path file = directory.resolve("README.md");
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return withoutFrontMatter(text.replace("\r\n", "\n"));
        } catch (IOException e) {
            LOG.warn("the card {} cannot be read", file, e);
            return null;
        }
    }

    private static String withoutFrontMatter(String text) {
        if (!text.startsWith("---\n")) {
            return text;
        }
        int end = text.indexOf("\n---\n", 3);
        return end < 0 ? text : text.substring(end + 5).stripLeading();
    }
}
