package dev.parlance.train.auto;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.checkpoint.RunDirectory;
import dev.parlance.train.crossval.ExperimentFiles;
import dev.parlance.train.crossval.PlanDifference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where candidates are kept until one is chosen: beside the model, with {@code .auto} after its name. {@code NAME.json}
 * beside a candidate's directory says why it is trained and, written last, how long that took.
 */
final class AutoDirectory {
    private static final String PLAN = "plan.json";

    private final Path directory;

    AutoDirectory(RunConfig placed) {
        directory = Path.of(placed.outputDir().replaceAll("[/\\\\]+$", "") + ".auto");
    }

    /**
     * Makes the directory of this plan, or opens it if it has the same plan.
     *
     * @param overwrite whether a directory with another plan is emptied first
     * @throws UserError if it has another plan
     */
    void begin(ObjectNode plan, boolean overwrite) {
        Path file = directory.resolve(PLAN);
        if (Files.isRegularFile(file)) {
            String difference = PlanDifference.of(Json.readObject(file), plan);
            if (difference.isEmpty()) {
                return;
            }
            if (!overwrite) {
                throw new UserError(directory + " holds candidates of another --auto run that was broken off ("
                        + difference + "); give the same settings to go on, or begin anew with --overwrite");
            }
            ExperimentFiles.delete(directory);
        } else if (Files.exists(directory)) {
            throw new UserError(
                    directory + " is there and holds no --auto run; move it away or choose another --output");
        }
        ExperimentFiles.write(file, Json.pretty(plan));
    }

    /** Where the model of a candidate is saved. */
    Path model(String name) {
        return directory.resolve(name);
    }

    /** What was noted of a candidate: when it was begun, and once more when it was finished; empty if it was not begun. */
    Optional<ObjectNode> note(String name) {
        Path file = file(name);
        return Files.isRegularFile(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
    }

    void write(String name, ObjectNode note) {
        ExperimentFiles.write(file(name), Json.pretty(note));
    }

    /** The settings of a candidate that was broken off with a checkpoint to go on from. */
    Optional<RunConfig> unfinished(String name) {
        return RunDirectory.newest(RunDirectory.of(model(name)))
                .map(checkpoint -> Resume.from(model(name)).savedConfig().orElseThrow());
    }

    void delete() {
        ExperimentFiles.delete(directory);
    }

    private Path file(String name) {
        return directory.resolve(name + ".json");
    }

    /** What must be the same for candidates to be comparable; the time may change. */
    static ObjectNode plan(RunConfig config, List<String> files) {
        ObjectNode plan = Json.object();
        ObjectNode data = plan.putObject("data");
        for (String file : files) {
            data.put("part " + data.size(), file);
        }
        ObjectNode settings = ConfigFiles.toTree(config);
        settings.remove(List.of("overwrite_output_dir", "tracking"));
        ((ObjectNode) settings.path("training")).remove("threads");
        plan.set("settings", settings);
        return plan;
    }
}
