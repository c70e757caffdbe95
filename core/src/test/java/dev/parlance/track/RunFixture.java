package dev.parlance.track;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Directories of runs as training leaves them. */
final class RunFixture {
    private RunFixture() {}

    static RunInfo info(String id, RunStatus status, String startedAt, double f1) {
        Instant started = Instant.parse(startedAt);
        boolean ended = status != RunStatus.RUNNING;
        return new RunInfo(
                id,
                status,
                started,
                started.plusSeconds(90),
                ended ? started.plusSeconds(90) : null,
                "elsewhere",
                1,
                "minilm",
                "reviews.csv",
                "/models/" + id,
                40,
                40,
                new RunInfo.Best("macro_f1", f1, 40),
                status == RunStatus.FINISHED ? Map.of("test", Map.of("macro_f1", f1, "accuracy", f1)) : Map.of(),
                status == RunStatus.FAILED ? "the loss became NaN" : null,
                null,
                List.of());
    }

    static Path write(Path runs, RunInfo info, RunConfig config, String metrics) throws IOException {
        Path directory = Files.createDirectories(runs.resolve(info.id()));
        Files.writeString(directory.resolve(RunFiles.INFO), Json.pretty(info.toJson()));
        Files.writeString(directory.resolve(RunFiles.SETTINGS), ConfigFiles.toYaml(config));
        Files.writeString(directory.resolve(RunFiles.METRICS), metrics);
        return directory;
    }

    static Path finished(Path runs, String id, String startedAt, double learningRate, double f1) throws IOException {
        return write(
                runs,
                info(id, RunStatus.FINISHED, startedAt, f1),
                RunConfig.defaults().with("data.train", "reviews.csv").with("training.learning_rate", learningRate),
                """
                {"step":1,"epoch":0.1,"loss":0.9,"learning_rate":1e-05}
                {"step":10,"epoch":1.0,"loss":0.5,"learning_rate":1e-04}
                {"step":10,"epoch":1.0,"eval_loss":0.6,"eval_macro_f1":0.7}
                """);
    }

    static Report report(String... labels) {
        int[] gold = new int[labels.length * 2];
        int[] predicted = new int[gold.length];
        for (int i = 0; i < gold.length; i++) {
            gold[i] = i % labels.length;
            predicted[i] = i < labels.length ? gold[i] : 0;
        }
        return ClassificationMetrics.report(List.of(labels), gold, predicted);
    }
}
