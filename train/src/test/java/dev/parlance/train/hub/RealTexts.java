package dev.parlance.train.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Texts that people wrote: the project's own messages and, where they lie beside the checkout, public data sets. */
final class RealTexts {
    private RealTexts() {}

    /** Texts of a language, {@code en} or {@code zh}, up to {@code count} of them, half of public data sets if they are there. */
    static List<String> of(String language, int count) {
        List<String> sets = language.equals("zh")
                ? List.of("zh-thucnews-titles", "zh-chnsenticorp")
                : List.of("en-sst2", "en-agnews");
        List<String> texts = new ArrayList<>();
        for (String set : sets) {
            find("shared/data/" + set + "/test.tsv").ifPresent(file -> texts.addAll(column(file, count / 4)));
        }
        texts.addAll(messages(language, count - texts.size()));
        return texts;
    }

    private static List<String> column(Path file, int count) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.skip(1)
                    .limit(count)
                    .map(line -> line.substring(0, line.lastIndexOf('\t')))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> messages(String language, int count) {
        Path file = find("examples/customer-service/messages.csv").orElseThrow();
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.endsWith("," + language))
                    .limit(count)
                    .map(line -> line.replaceFirst(",[^,]*,[^,]*,[^,]*$", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> find(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(name))) {
                return Optional.of(folder.resolve(name));
            }
        }
        return Optional.empty();
    }
}
