package dev.parlance.cli;

import dev.parlance.config.UserError;
import dev.parlance.server.http.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
     * The directory of a model.
     *
     * @throws UserError if there is none
     */
    static Path resolve(String path) {
        Path directory = Path.of(path);
        if (!Files.isDirectory(directory)) {
            throw new UserError(path + " is no directory, expected that of a model, such as 'parlance train' writes");
        }
        return directory;
    }
}
