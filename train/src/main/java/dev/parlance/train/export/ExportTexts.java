package dev.parlance.train.export;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The texts that an export is checked and measured on: those of a file, or of the run that made the model where its files are
 * still there, or else some sentences of our own, which have no labels.
 *
 * @param measured what the scores are of
 * @param calibration what the ranges of values are taken from; never test data unless there is nothing else
 * @param origin where {@code measured} comes from, for people
 * @param calibrationOrigin where {@code calibration} comes from, for people
 */
record ExportTexts(List<Example> measured, List<Example> calibration, String origin, String calibrationOrigin) {
    private static final String OWN = "texts.txt";

    ExportTexts {
        measured = List.copyOf(measured);
        calibration = List.copyOf(calibration);
    }

    /**
     * Reads the texts.
     *
     * @param file the user's, or null
     * @throws UserError if a file is malformed
     */
    static ExportTexts read(ModelBundle model, @Nullable Path file, DataConfig reading) {
        Optional<Splits> run = splits(model);
        if (file != null) {
            Dataset dataset = Dataset.read(reading, file);
            return run.isEmpty()
                    ? new ExportTexts(dataset.examples(), dataset.examples(), shown(file), shown(file))
                    : new ExportTexts(
                            dataset.examples(),
                            run.get().train().examples(),
                            shown(file),
                            "the training data of the run");
        }
        if (run.isEmpty()) {
            return new ExportTexts(own(), own(), "sentences of Parlance", "sentences of Parlance");
        }
        Dataset test = run.get().test();
        return new ExportTexts(
                (test == null ? run.get().validation() : test).examples(),
                run.get().train().examples(),
                test == null ? "the validation data of the run" : "the test data of the run",
                "the training data of the run");
    }

    boolean hasLabels() {
        return measured.stream().allMatch(example -> example.gold() != null);
    }

    private static Optional<Splits> splits(ModelBundle model) {
        Optional<DataConfig> data = model.run().map(RunConfig::data);
        boolean there = data.isPresent()
                && data.get().train() != null
                && Stream.of(
                                data.get().train(),
                                data.get().validation(),
                                data.get().test())
                        .filter(Objects::nonNull)
                        .allMatch(name -> Files.isRegularFile(Path.of(name)));
        return there ? data.map(Splits::read) : Optional.empty();
    }

    private static String shown(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Example> own() {
        try (InputStream in = ExportTexts.class.getResourceAsStream(OWN)) {
            if (in == null) {
                throw new IllegalStateException(OWN + " is not on the class path");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return reader.lines().map(Example::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
