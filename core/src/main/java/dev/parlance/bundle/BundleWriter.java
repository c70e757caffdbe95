package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a bundle so that it is there complete or not at all: whatever fails on the way, also in a callback, leaves what was
 * at its place, and no part of the new one.
 */
public final class BundleWriter {
    /** What a run writes; a directory that holds anything else is not replaced, since that would be lost. */
    private static final Pattern OWN_FILES = Pattern.compile(
            "config\\.json|tokenizer\\.json|tokenizer_config\\.json|"
                    + "special_tokens_map\\.json|added_tokens\\.json|vocab\\.txt|vocab\\.json|merges\\.txt|"
                    + "sentencepiece\\.bpe\\.model|spm\\.model|model[\\w.-]*\\.(onnx|safetensors)|"
                    + "vocabulary\\.jsonl|top_features\\.json|selection\\.json|quantization\\.json|modules\\.json|"
                    + "config_sentence_transformers\\.json|sentence_bert_config\\.json|report\\.json|report\\.html|README\\.md|run\\.yaml|provenance\\.json|\\.DS_Store");

    /** The one directory in a bundle: the models that answer together. */
    static final String MEMBERS = "members";

    private BundleWriter() {}

    /** Writes one file of the bundle. */
    @FunctionalInterface
    public interface FileCallback {
        /** Creates {@code file}, which does not exist yet. Anything thrown gives the bundle up. */
        void write(Path file) throws IOException;
    }

    /**
     * Refuses a target that {@link #write} would refuse, so that nobody trains for an hour in vain.
     *
     * @param overwrite whether a model that is there may be replaced
     * @throws UserError if there is a file, a model that may not be replaced, or a directory with files of others
     */
    public static void check(Path directory, boolean overwrite) {
        Path target = new AtomicDirectory(directory).target();
        try {
            if (!Files.exists(target)) {
                return;
            }
            if (!Files.isDirectory(target)) {
                throw new UserError(directory + " is a file, expected a directory for the model");
            }
            if (AtomicDirectory.isEmpty(target)) {
                return;
            }
            if (!overwrite) {
                throw new UserError(directory + " exists and is not empty; choose another --output, or replace it with"
                        + " --overwrite");
            }
            refuseStrangers(directory, target);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /**
     * Writes the bundle, and opens it to see that it is whole.
     *
     * @param overwrite whether a model that is there may be replaced
     * @param contents what is written besides the weights
     * @param weights writes {@code model.safetensors}
     * @param onnx writes {@code model.onnx}; called last, should verify it
     * @throws UserError if the target is refused, the disk is full, or the base model's files do not fit
     */
    public static ModelBundle write(
            Path directory, boolean overwrite, BundleContents contents, FileCallback weights, FileCallback onnx) {
        return write(directory, overwrite, contents, temporary -> {
            call(weights, temporary.resolve(ModelBundle.WEIGHTS));
            call(onnx, temporary.resolve(ModelBundle.ONNX));
        });
    }

    /**
     * Writes a finished model once more at another place, with the reports and the provenance of {@code contents}.
     *
     * @param contents made by {@link BundleContents#of}
     */
    public static ModelBundle copy(Path directory, boolean overwrite, ModelBundle model, BundleContents contents) {
        return write(
                directory,
                overwrite,
                contents,
                file -> Files.copy(model.weightsFile(), file),
                file -> Files.copy(model.onnxFile(), file));
    }

    /**
     * Writes an ensemble: the whole bundle of each member stands in {@code members/}, under its directory's name.
     *
     * @param contents made by {@link BundleContents#ofEnsemble}
     */
    public static ModelBundle writeEnsemble(
            Path directory, boolean overwrite, BundleContents contents, List<ModelBundle> members) {
        return write(directory, overwrite, contents, temporary -> {
            for (ModelBundle member : members) {
                Path to = temporary.resolve(MEMBERS).resolve(member.name());
                Files.createDirectories(to);
                try (Stream<Path> files = Files.list(member.directory())) {
                    for (Path file : files.toList()) {
                        Files.copy(file, to.resolve(file.getFileName()));
                    }
                }
            }
        });
    }

    /**
     * Writes a directory that holds files of another model's, and what {@code models} adds; opens it to see that it is whole.
     *
     * @param overwrite whether a model that is there may be replaced
     * @param files of the other directory, as paths in it; those that it has not are left out
     * @param models writes the rest; anything thrown leaves everything as it was
     * @throws UserError if the target is refused, or the disk is full
     */
    public static ModelBundle derive(
            Path source, Path directory, boolean overwrite, List<String> files, AtomicDirectory.Filler models) {
        check(directory, overwrite);
        try {
            new AtomicDirectory(directory).write(temporary -> {
                for (String file : files) {
                    if (Files.isRegularFile(source.resolve(file))) {
                        Path to = temporary.resolve(file);
                        Files.createDirectories(Objects.requireNonNull(to.getParent()));
                        Files.copy(source.resolve(file), to);
                    }
                }
                models.fill(temporary);
                ModelBundle.open(temporary);
                check(directory, overwrite); // another run may have finished meanwhile
            });
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        return ModelBundle.open(directory);
    }

    private static ModelBundle write(
            Path directory, boolean overwrite, BundleContents contents, AtomicDirectory.Filler models) {
        check(directory, overwrite);
        try {
            new AtomicDirectory(directory).write(temporary -> {
                fill(temporary, directory, contents);
                models.fill(temporary);
                ModelBundle.open(temporary);
                check(directory, overwrite); // another run may have finished meanwhile
            });
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        return ModelBundle.open(directory);
    }

    private static void fill(Path to, Path directory, BundleContents contents) throws IOException {
        ObjectNode config =
                ModelConfigFile.write(contents.baseConfig(), contents.task().labels());
        int maxLength = Math.min(contents.run().model().maxLength(), ModelConfigFile.maxPositions(config));
        Files.writeString(to.resolve(ModelBundle.CONFIG), Json.pretty(config));
        contents.inputs().writeTo(to, maxLength);
        if (!contents.topFeatures().isEmpty()) {
            Files.writeString(to.resolve(ModelBundle.TOP_FEATURES), Json.pretty(contents.topFeatures()));
        }
        ObjectNode reports = Json.object();
        contents.reports().forEach((split, report) -> reports.set(split, report.toJson()));
        Files.writeString(to.resolve(ModelBundle.REPORT), Json.pretty(reports));
        Files.writeString(
                to.resolve("report.html"), HeadlineReport.of(contents.reports()).toHtml());
        Files.writeString(to.resolve(ModelBundle.RUN), ConfigFiles.toYaml(contents.run()));
        Files.writeString(
                to.resolve(ModelBundle.PROVENANCE),
                Json.pretty(contents.provenance().toJson()));
        Files.writeString(to.resolve("README.md"), new ModelCard(directory, maxLength, contents).render());
        if (contents.selection() != null) {
            Files.writeString(
                    to.resolve(ModelBundle.SELECTION),
                    Json.pretty(contents.selection().toJson()));
        }
    }

    private static void call(FileCallback callback, Path file) throws IOException {
        callback.write(file);
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("the callback has not written " + file.getFileName());
        }
    }

    private static void refuseStrangers(Path directory, Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            List<String> strangers = files.filter(file -> !isOwn(file))
                    .map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .limit(5)
                    .toList();
            if (!strangers.isEmpty()) {
                throw new UserError(directory + " holds what no run of Parlance wrote and would lose it: "
                        + String.join(", ", strangers) + "; move that away or choose another --output");
            }
        }
    }

    private static boolean isOwn(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isDirectory(file)
                ? name.equals(MEMBERS) || name.matches("\\d+_(Pooling|Normalize)")
                : OWN_FILES.matcher(name).matches();
    }

    private static UserError unwritable(Path directory, IOException e) {
        return new UserError("the model cannot be written to " + directory + ": " + reason(e), e);
    }

    /** Java's file errors often have no message but the path; then their class says what is wrong. */
    private static String reason(IOException e) {
        if (!(e instanceof FileSystemException system)) {
            return String.valueOf(e.getMessage());
        }
        return system.getReason() != null
                ? system.getReason()
                : e.getClass().getSimpleName().replace("Exception", "") + " " + system.getFile();
    }
}
