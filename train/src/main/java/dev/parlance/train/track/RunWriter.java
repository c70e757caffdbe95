package dev.parlance.train.track;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.metric.Report;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunStatus;
import dev.parlance.track.TrackedRun;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the directory of a run. Whatever goes wrong here, such as a full disk, never ends the training: the first error is
 * told, nothing more is recorded, and at the end it is tried once more to say in {@code run.json} how the run ended.
 *
 * <p>One thread may call the methods; a second one, of this class, gives signs of life.
 */
public final class RunWriter implements AutoCloseable {
    private static final long HEARTBEAT_SECONDS = 10;

    private final Path directory;
    private final RunConfig config;
    private final RunState state;
    private final Consumer<String> warn;
    private final JsonLinesFile metrics;
    private final @Nullable EventFile events;
    private final Object infoFile = new Object();
    private final ScheduledExecutorService heart;
    private final ScheduledFuture<?> heartbeat;

    private RunWriter(Path directory, RunConfig config, RunState state, Consumer<String> warn) throws IOException {
        this.directory = directory;
        this.config = config;
        this.state = state;
        this.warn = warn;
        writeInfo();
        write(RunFiles.SETTINGS, ConfigFiles.toYaml(config));
        metrics = new JsonLinesFile(directory.resolve(RunFiles.METRICS));
        events = config.tracking().eventFiles() ? EventFile.in(directory, state.host(), state.pid()) : null;
        heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "parlance-track");
            thread.setDaemon(true);
            return thread;
        });
        heartbeat = heart.scheduleWithFixedDelay(
                () -> guarded(this::writeInfo), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Starts the directory of a new run, named by the time and the output directory.
     *
     * @param config the resolved settings
     * @param warn told once if something cannot be recorded
     * @return null if the settings want no recording, or it cannot even be started
     */
    public static @Nullable RunWriter start(RunConfig config, Consumer<String> warn) {
        return opened(config, warn, runs -> {
            String name = config.tracking().runName();
            String output = String.valueOf(
                    Path.of(config.outputDir()).toAbsolutePath().normalize().getFileName());
            Instant now = Instant.now();
            Path directory = RunDirectory.create(runs, name == null ? output : name, now);
            return new RunWriter(
                    directory, config, new RunState(String.valueOf(directory.getFileName()), config, now), warn);
        });
    }

    /**
     * Goes on in the directory of a run that goes on, after what it has of the time before the checkpoint; or in a new one, if
     * that cannot be, which is told.
     *
     * @return null as {@link #start}
     */
    public static @Nullable RunWriter resume(RunConfig config, Continuation from, Consumer<String> warn) {
        if (!config.tracking().enabled()) {
            return null;
        }
        Optional<String> obstacle = from.obstacle(config.tracking().directory(System.getenv()));
        if (obstacle.isPresent()) {
            warn.accept("the run goes on in a new record: " + obstacle.get());
            return start(config, warn);
        }
        return opened(config, warn, runs -> {
            RunInfo before = TrackedRun.read(from.directory()).info();
            from.cutBack(before.best());
            RunState state = RunState.resumed(before, config, from, Instant.now());
            RunWriter writer = new RunWriter(from.directory(), config, state, warn);
            writer.guarded(() -> {
                if (writer.events != null) {
                    writer.events.restart(from.step() + 1);
                }
            });
            return writer;
        });
    }

    /** Opens the record of a run. */
    @FunctionalInterface
    private interface Opening {
        RunWriter in(Path runs) throws IOException;
    }

    private static @Nullable RunWriter opened(RunConfig config, Consumer<String> warn, Opening opening) {
        if (!config.tracking().enabled()) {
            return null;
        }
        Path runs = config.tracking().directory(System.getenv());
        try {
            RunWriter writer = opening.in(runs);
            writer.text("config", "```yaml\n" + ConfigFiles.toYaml(config) + "```");
            return writer;
        } catch (IOException e) {
            warn.accept("the run is not recorded: " + runs + " cannot be written: " + e
                    + "; --runs-dir takes another directory, --no-tracking none");
            return null;
        }
    }

    /** Where the run is recorded. */
    public Path directory() {
        return directory;
    }

    /** Records machine, versions and data, and adds the git state of the working directory. */
    public void environment(ObjectNode provenance) {
        guarded(() -> {
            ObjectNode environment = provenance.deepCopy();
            environment.put("host", state.host());
            environment.put("pid", state.pid());
            environment.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
            environment.put("working_directory", Path.of("").toAbsolutePath().toString());
            GitState.of(Path.of("").toAbsolutePath()).ifPresent(git -> environment.set("git", Json.tree(git)));
            String json = Json.pretty(environment);
            write(RunFiles.ENVIRONMENT, json);
            writeText("environment", "```json\n" + json + "```");
        });
    }

    /** Records how many steps there will be. */
    public void planned(long steps) {
        state.planned(steps);
        guarded(this::writeInfo);
    }

    /** Notes that a step was done; goes into {@code run.json} with the next sign of life. */
    public void stepped(long step) {
        state.stepped(step);
    }

    /**
     * Records numbers after a step.
     *
     * @param values by Hugging Face's names: {@code loss}, {@code learning_rate}, {@code eval_accuracy}...
     */
    public void scalars(long step, double epoch, Map<String, Double> values) {
        guarded(() -> {
            ObjectNode line = Json.object();
            line.put("step", step);
            line.put("epoch", epoch);
            values.forEach(line::put);
            line.put("wall_time", System.currentTimeMillis() / 1000.0);
            metrics.append(line);
            if (events != null) {
                for (Map.Entry<String, Double> value : values.entrySet()) {
                    events.scalar(step, tag(value.getKey()), value.getValue());
                }
            }
        });
    }

    /** As Hugging Face's callback has it, so that both kinds of runs fall into the same charts. */
    static String tag(String name) {
        for (String split : List.of("eval", "test")) {
            if (name.startsWith(split + "_")) {
                return split + "/" + name.substring(split.length() + 1);
            }
        }
        return "train/" + name;
    }

    /** Whether the histograms of this step are wanted. */
    public boolean wantsHistograms(long step) {
        int every = config.tracking().histogramSteps();
        return events != null && every > 0 && (step == 1 || step % every == 0) && state.trackingError() == null;
    }

    /** Records how gradients and weights are distributed; parameters without gradient have only weights. */
    public void histograms(long step, Map<String, Tensor> parameters) {
        guarded(() -> {
            if (events == null) {
                return;
            }
            for (Map.Entry<String, Tensor> parameter : parameters.entrySet()) {
                Tensor weights = parameter.getValue();
                Tensor gradient = weights.grad();
                events.histogram(step, "weights/" + parameter.getKey(), Histogram.of(weights.toFloats()));
                if (gradient != null) {
                    events.histogram(step, "gradients/" + parameter.getKey(), Histogram.of(gradient.toFloats()));
                }
            }
        });
    }

    /** Records the report of a measurement on the validation data, its confusion matrix as a picture too. */
    public void measured(long step, Report report) {
        guarded(() -> {
            if (events != null && report.labels().size() <= ConfusionImage.MAX_LABELS) {
                events.image(step, "eval/confusion_matrix", ConfusionImage.of(report.confusion()));
            }
        });
    }

    /** Records that the last measurement is the best so far, and what the model got wrong in it. */
    public void best(RunInfo.Best best, Report report, List<WrongPrediction> wrong) {
        state.best(best);
        guarded(() -> {
            write(
                    RunFiles.WRONG_PREDICTIONS,
                    wrong.stream().map(one -> Json.line(one) + "\n").collect(Collectors.joining()));
            write(RunFiles.REPORT, Json.pretty(reports(Map.of("validation", report))));
            writeInfo();
        });
    }

    /**
     * Records the end.
     *
     * @param reports of the finished model by split: {@code validation}, {@code test}
     * @param card file of the model card, or null
     * @param interrupted whether it was asked to stop
     */
    public void finished(Map<String, Report> reports, @Nullable Path card, boolean interrupted) {
        guarded(() -> {
            write(RunFiles.REPORT, Json.pretty(reports(reports)));
            if (card != null) {
                String text = Files.readString(card);
                write(RunFiles.CARD, text);
                writeText("model_card", text.replaceFirst("(?s)\\A---\n.*?\n---\n", ""));
            }
            reports.values().stream().findFirst().ifPresent(report -> text("labels", legend(report)));
        });
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        reports.forEach((split, report) -> scores.put(split, report.metrics()));
        end(interrupted ? RunStatus.INTERRUPTED : RunStatus.FINISHED, scores, null);
    }

    /** Records that an error ended the run. */
    public void failed(Throwable error) {
        end(RunStatus.FAILED, Map.of(), String.valueOf(error.getMessage() == null ? error : error.getMessage()));
    }

    private void end(RunStatus how, Map<String, Map<String, Double>> scores, @Nullable String why) {
        heartbeat.cancel(false);
        state.ended(how, scores, why);
        try {
            writeInfo();
        } catch (IOException | RuntimeException e) {
            warnOnce("how it ended is not recorded: " + e);
        }
    }

    /** What the numbers at the confusion matrix stand for. */
    private static String legend(Report report) {
        StringBuilder table = new StringBuilder("| number | label |\n|---:|---|\n");
        for (int i = 0; i < report.labels().size(); i++) {
            String label = report.labels().get(i).label().replaceAll("[|\\r\\n`<>\\[\\]*_]", " ");
            table.append("| ").append(i).append(" | ").append(label).append(" |\n");
        }
        return table.toString();
    }

    private static ObjectNode reports(Map<String, Report> reports) {
        ObjectNode json = Json.object();
        reports.forEach((split, report) -> json.set(split, report.toJson()));
        return json;
    }

    private void text(String tag, String markdown) {
        guarded(() -> writeText(tag, markdown));
    }

    private void writeText(String tag, String markdown) throws IOException {
        if (events != null) {
            events.text(0, tag, markdown);
        }
    }

    private void writeInfo() throws IOException {
        synchronized (infoFile) { // so that a sign of life never overwrites what came after it
            write(RunFiles.INFO, Json.pretty(state.info().toJson()));
        }
    }

    private void write(String name, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFiles.write(directory.resolve(name), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Something that may fail for the disk's sake. */
    private interface Recording {
        void run() throws IOException;
    }

    private void guarded(Recording recording) {
        if (state.trackingError() != null) {
            return;
        }
        try {
            recording.run();
        } catch (IOException | RuntimeException e) { // a bug in here is no reason either to lose a training
            warnOnce(e.toString());
        }
    }

    private void warnOnce(String why) {
        if (state.trackingError() == null) {
            state.trackingFailed(why);
            warn.accept("recording to " + directory + " ended, training goes on: " + why);
        }
    }

    /** Ends the recording; a run that was neither finished nor failed counts as lost. */
    @Override
    public void close() {
        heart.shutdownNow();
        try {
            metrics.close();
            if (events != null) {
                events.close();
            }
        } catch (IOException e) {
            warnOnce(e.toString());
        }
    }
}
