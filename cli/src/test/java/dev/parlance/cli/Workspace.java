package dev.parlance.cli;

import dev.parlance.config.RunConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        interrupt(directory);
        return new Workspace(directory);
    }

    /** A run of {@code models/news} that was stopped after its first step. */
    private static void interrupt(Path directory) {
        RunConfig config = RunConfig.defaults()
                .with("data.train", directory.resolve("reviews.csv").toString())
                .with("model.model_name_or_path", directory.resolve("tiny").toString())
                .with("output_dir", directory.resolve("models/news").toString());
        ModelStore store = new ModelStore(directory.resolve("cache"), Map.of(), ProgressListener.NONE);
        FineTuning.run(config, store, List.of(), TrainingListener.NONE, () -> true);
    }

    Path directory() {
        return directory;
    }

    /** The command with the tiny model for each pretrained one; a training command that names none gets it, too. */
    List<String> withTinyModel(List<String> words) {
        List<String> result = new ArrayList<>(words);
        result.replaceAll(word -> PRETRAINED.contains(word) ? "tiny" : word);
        boolean trains = List.of("train", "search").contains(words.get(0));
        if (trains && !words.contains("--model") && !words.contains("--resume")) {
            result.addAll(List.of("--set", "model.model_name_or_path=tiny"));
        }
        return result;
    }
}
