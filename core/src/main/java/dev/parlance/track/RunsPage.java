package dev.parlance.track;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.metric.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Runs as one page of HTML with curves, parallel coordinates, confusion matrices and settings. It needs no network: the
 * charts library (Apache ECharts) travels in it, and its content security policy forbids it to load anything. Quotes no
 * text of the data.
 */
public final class RunsPage {
    private static final int CURVE_POINTS = 250;
    private static final int MATRIX_LABELS = 60;

    private RunsPage() {}

    /**
     * The page.
     *
     * @param runs in the order of its table; at most a few hundred, since all their curves are in the page
     * @param leftOut how many more there are, to be told
     */
    public static String render(List<TrackedRun> runs, int leftOut) {
        ObjectNode data = Json.object();
        data.put("generated_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        data.put("left_out", leftOut);
        data.put("score", mostFrequentScore(runs));
        ArrayNode array = data.putArray("runs");
        runs.forEach(run -> array.add(run(run)));
        String json = Json.line(data).replace("<", "\\u003c"); // so that no text can end the script element
        StringBuilder page = new StringBuilder();
        String template = resource("runs-page.html");
        int done = 0;
        for (int start = template.indexOf("${"); start >= 0; start = template.indexOf("${", done)) {
            page.append(template, done, start);
            done = template.indexOf('}', start) + 1;
            page.append(
                    switch (template.substring(start + 2, done - 1)) {
                        case "css" -> resource("runs-page.css");
                        case "data" -> json;
                        case "charts" -> resource("echarts.min.js");
                        default -> resource("runs-page.js");
                    });
        }
        return page.append(template, done, template.length()).toString();
    }

    /** The score to begin with: that by which most runs choose their best checkpoint. */
    private static String mostFrequentScore(List<TrackedRun> runs) {
        Map<String, Long> counts = runs.stream()
                .map(run -> run.info().best())
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(best -> "eval_" + best.metric(), Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private static ObjectNode run(TrackedRun run) {
        RunInfo info = run.info();
        ObjectNode json = Json.object();
        json.put("id", run.id());
        json.put("status", run.status().toString());
        json.put("model", info.model());
        json.put("data", info.data());
        json.put("headline", RunValues.headline(run));
        json.put("step", info.step());
        json.put("steps", info.steps());
        json.put("seconds", run.duration().toSeconds());
        json.set("settings", Json.tree(run.settings()));
        json.set("scores", Json.tree(RunValues.scores(run)));
        ObjectNode curves = json.putObject("curves");
        Metrics.read(run.directory().resolve(RunFiles.METRICS), CURVE_POINTS)
                .all()
                .forEach((name, series) -> curve(curves.putArray(name), series));
        Map<String, Report> reports = run.reports();
        String split = reports.containsKey("test") ? "test" : "validation";
        Report report = reports.get(split);
        if (report != null && report.labels().size() <= MATRIX_LABELS) {
            json.set("confusion", confusion(split, report));
        }
        return json;
    }

    private static void curve(ArrayNode curve, Series series) {
        ArrayNode steps = curve.addArray();
        ArrayNode values = curve.addArray();
        for (int i = 0; i < series.size(); i++) {
            steps.add(series.steps()[i]);
            values.add(series.values()[i]);
        }
    }

    private static ObjectNode confusion(String split, Report report) {
        ObjectNode json = Json.object();
        json.put("split", split);
        ArrayNode labels = json.putArray("labels");
        report.labels().forEach(score -> labels.add(score.label()));
        ArrayNode counts = json.putArray("counts");
        for (int[] row : report.confusion()) {
            ArrayNode line = counts.addArray();
            for (int count : row) {
                line.add(count);
            }
        }
        return json;
    }

    private static String resource(String name) {
        try (InputStream in = RunsPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        name + " is missing beside " + RunsPage.class + "; build core with Maven");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
