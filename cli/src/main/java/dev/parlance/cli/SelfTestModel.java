package dev.parlance.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A classifier of ten words that travels with the command; see the README beside its files. */
final class SelfTestModel implements AutoCloseable {
    private static final List<String> FILES = List.of("config.json", "tokenizer.json", "model.onnx");

    private final Path directory;

    private SelfTestModel(Path directory) {
        this.directory = directory;
    }

    /** Unpacks it into a temporary directory. */
    static SelfTestModel unpack() throws IOException {
        SelfTestModel model = new SelfTestModel(Files.createTempDirectory("parlance-self-test"));
        for (String file : FILES) {
            try (InputStream in = SelfTestModel.class.getResourceAsStream("self-test/" + file)) {
                if (in == null) {
                    throw new FileNotFoundException("self-test/" + file + " is missing in the command's jar");
                }
                Files.copy(in, model.directory.resolve(file));
            }
        }
        return model;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.deleteIfExists(directory);
    }
}
