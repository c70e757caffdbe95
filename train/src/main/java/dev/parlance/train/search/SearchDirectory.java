package dev.parlance.train.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.JsonLinesFile;
import dev.parlance.data.Splits;
import dev.parlance.train.crossval.ExperimentFiles;
import dev.parlance.train.crossval.PlanDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a search: {@code search.json} (what is searched), {@code trials.jsonl}, {@code data} (what trials train on and
 * are measured on; the test part is not there), {@code trials/0001} and so on, {@code best.yaml}, {@code result.json}.
 */
final class SearchDirectory {
    private static final Set<String> KEPT = Set.of("run.yaml", "progress.jsonl", "log.txt");

    private final Path directory;

    SearchDirectory(Path directory) {
        this.directory = directory;
    }

    Path path() {
        return directory;
    }

    Path trialLog() {
        return directory.resolve("trials.jsonl");
    }

    Path bestConfig() {
        return directory.resolve("best.yaml");
    }

    Path trial(int number) {
        return directory.resolve("trials").resolve(String.format(Locale.ROOT, "%04d", number));
    }

    /**
     * Makes the directory, or opens the one of this search to go on.
     *
     * @throws UserError if there is a search that was not to be resumed, or another one than was to be
     */
    void begin(ObjectNode plan, Splits splits, boolean resume) {
        Path file = directory.resolve("search.json");
        boolean there = Files.isRegularFile(file);
        if (there && !resume) {
            throw new UserError(directory + " holds a search already; go on with it by --resume, or choose another"
                    + " --search-dir");
        }
        if (there) {
            String difference = PlanDifference.of(Json.readObject(file), plan);
            if (!difference.isEmpty()) {
                throw new UserError(directory + " holds another search (" + difference
                        + "); resume it with the same settings, or choose another --search-dir");
            }
            return;
        }
        refuseStrangers();
        ExperimentFiles.createDirectories(directory.resolve("data"));
        for (Dataset part : new Dataset[] {splits.train(), splits.validation()}) {
            JsonLinesFile.write(data(part.name()), part.examples());
        }
        ExperimentFiles.write(file, Json.pretty(plan)); // last: what is there with it is whole
    }

    private void refuseStrangers() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.anyMatch(file -> !String.valueOf(file.getFileName()).equals("data"))) {
                throw new UserError(
                        directory + " is there and holds no search; move it away or choose another --search-dir");
            }
        } catch (IOException e) {
            throw new UserError(directory + " cannot be read: " + e, e);
        }
    }

    /** The settings of a trial with its own data, directory and threads; the test part is out of its reach. */
    RunConfig place(RunConfig config, int number, boolean pairs, int threads) {
        return JsonLinesFile.reading(config, pairs)
                .with("data.train", data("train").toString())
                .with("data.validation", data("validation").toString())
                .with("data.test", null)
                .with("output_dir", trial(number).resolve("model").toString())
                .with("overwrite_output_dir", true)
                .with("training.threads", threads);
    }

    private Path data(String part) {
        return directory.resolve("data").resolve(part + ".jsonl");
    }

    /** An empty directory for a trial with its run file. */
    Path beginTrial(int number, RunConfig config) {
        Path place = trial(number);
        ExperimentFiles.delete(place);
        Path run = place.resolve("run.yaml");
        ExperimentFiles.write(run, ConfigFiles.toYaml(config));
        return run;
    }

    /** Leaves only what tells about a trial. */
    void cleanTrial(int number) {
        Path place = trial(number);
        try (Stream<Path> files = Files.list(place)) {
            files.filter(file -> !KEPT.contains(String.valueOf(file.getFileName())))
                    .forEach(ExperimentFiles::delete);
        } catch (IOException e) {
            throw new UserError(place + " cannot be cleaned: " + e, e);
        }
    }

    void writeBest(RunConfig config) {
        ExperimentFiles.write(bestConfig(), ConfigFiles.toYaml(config));
    }

    void writeResult(ObjectNode result) {
        ExperimentFiles.write(directory.resolve("result.json"), Json.pretty(result));
    }
}
