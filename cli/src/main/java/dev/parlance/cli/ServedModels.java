package dev.parlance.cli;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.UserError;
import dev.parlance.server.http.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models as people name them on the command line. */
final class ServedModels {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9._/-]+)(?:@([A-Za-z0-9._-]+))?=(.+)");

    private ServedModels() {}

    /** {@code directory}, {@code name=directory}, {@code name@version=directory} or the name of a built-in model each. */
    static List<ServedModel> parse(List<String> words) {
        List<ServedModel> models = new ArrayList<>();
        for (String word : words) {
            Matcher named = NAMED.matcher(word);
            if (named.matches() && !Files.isDirectory(Path.of(word))) {
                String version = named.group(2);
                models.add(new ServedModel(named.group(1), version == null ? "1" : version, named.group(3)));
            } else {
                models.add(new ServedModel(nameOf(word), "1", word));
            }
        }
        return models;
    }

    /** A model is called what its directory is. */
    private static String nameOf(String path) {
        Path last = Path.of(path).toAbsolutePath().normalize().getFileName();
        return last == null ? path : last.toString();
    }

    /**
     * The directory of a model that has a graph to run. That of an encoder which has only weights is written to the cache,
     * once; only this needs the modules for training.
     *
     * @param console where a download is shown
     * @param progress hears what is being done
     * @throws UserError if there is none
     */
    static Path resolve(String path, Console console, Consumer<String> progress) {
        if (Files.isDirectory(Path.of(path)) && hasGraph(Path.of(path))) {
            return Path.of(path);
        }
        return EncoderGraphs.resolve(path, console, progress);
    }

    private static boolean hasGraph(Path directory) {
        return Files.isRegularFile(directory.resolve(ModelBundle.ONNX))
                || !Files.isRegularFile(directory.resolve(ModelBundle.WEIGHTS));
    }
}
