package dev.parlance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A directory with everything that the README's commands name, all of it tiny. */
final class Workspace {
    private static final Set<String> PRETRAINED = Set.of("minilm", "bge-small-en", "bge-small-zh", "e5-small");

    private final Path directory;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    static Workspace in(Path directory) throws IOException {
        TinyBase.write(directory.resolve("tiny"));
        Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(60, ','));
        Files.writeString(directory.resolve("file.csv"), TinyBase.rows(10, ','));
        Files.writeString(directory.resolve("train.tsv"), TinyBase.rows(60, '\t'));
        Files.writeString(directory.resolve("dev.tsv"), TinyBase.rows(16, '\t'));
        Files.writeString(directory.resolve("test.tsv"), TinyBase.rows(24, '\t'));
        Files.writeString(directory.resolve("run.yaml"), """
                data:
                  train: reviews.csv
                output_dir: models/from-file
                training:
                  num_train_epochs: 1
                """);
        return new Workspace(directory);
    }

    Path directory() {
        return directory;
    }

    /** The command with the tiny model for each pretrained one; a training command that names none gets it, too. */
    List<String> withTinyModel(List<String> words) {
        List<String> result = new ArrayList<>(words);
        result.replaceAll(word -> PRETRAINED.contains(word) ? "tiny" : word);
        if (words.get(0).equals("train") && !words.contains("--model")) {
            result.addAll(List.of("--set", "model.model_name_or_path=tiny"));
        }
        return result;
    }
}
