package dev.parlance.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPageTest {
    private static final String HOSTILE = "</script><img src=x onerror=alert(1)><!-- \u2028 ${charts} \"'&";

    @TempDir
    Path runs;

    private static JsonNode data(Document page) throws IOException {
        Element element = page.getElementById("data");
        assertThat(element).isNotNull();
        return new ObjectMapper().readTree(element.data());
    }

    @Test
    void holds_curves_settings_scores_and_confusions_of_all_runs() throws IOException {
        Path first = RunFixture.finished(runs, "20260101-100000-a", "2026-01-01T10:00:00Z", 1e-4, 0.8);
        RunFixture.finished(runs, "20260102-100000-b", "2026-01-02T10:00:00Z", 3e-5, 0.9);
        ObjectNode reports = Json.object();
        reports.set("test", RunFixture.report("坏", "好").toJson());
        Files.writeString(first.resolve(RunFiles.REPORT), Json.pretty(reports));

        Document page = Jsoup.parse(RunsPage.render(new RunStore(runs).runs(warning -> {}), 3));
        JsonNode data = data(page);
        assertThat(data.path("left_out").asInt()).isEqualTo(3);
        assertThat(data.path("score").asText()).isEqualTo("eval_macro_f1");
        assertThat(data.path("runs")).hasSize(2);
        JsonNode oldest = data.path("runs").get(1);
        assertThat(oldest.path("headline").asText()).isEqualTo("test macro_f1 0.8000");
        assertThat(oldest.at("/curves/loss").toString()).isEqualTo("[[1.0,10.0],[0.9,0.5]]");
        assertThat(oldest.at("/settings/training.learning_rate").asText()).isEqualTo("1.0E-4");
        assertThat(oldest.at("/confusion/labels").toString()).isEqualTo("[\"坏\",\"好\"]");
        assertThat(oldest.at("/confusion/counts").toString()).isEqualTo("[[2,0],[1,1]]");
    }

    @Test
    void loads_nothing_from_anywhere() throws IOException {
        RunFixture.finished(runs, "20260101-100000-a", "2026-01-01T10:00:00Z", 1e-4, 0.8);
        Document page = Jsoup.parse(RunsPage.render(new RunStore(runs).runs(warning -> {}), 0));
        assertThat(page.select("[src], [href], [srcset], link, iframe, object, embed, base, form, img"))
                .isEmpty();
        assertThat(page.select("style").html()).doesNotContain("url(", "@import");
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .startsWith("default-src 'none';")
                .doesNotContain("http", "connect-src");
        assertThat(page.select("script")).hasSize(3);
        assertThat(page.select("script").get(1).data()).contains("Apache", "echarts");
    }

    @Test
    void texts_of_runs_cannot_become_part_of_the_page() throws IOException {
        RunInfo plain = RunFixture.info("20260101-100000-a", RunStatus.FAILED, "2026-01-01T10:00:00Z", 0.5);
        RunInfo hostile = new RunInfo(
                plain.id(),
                plain.status(),
                plain.startedAt(),
                plain.heartbeatAt(),
                plain.finishedAt(),
                HOSTILE,
                1,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                1,
                1,
                new RunInfo.Best(HOSTILE, 0.5, 1),
                plain.scores(),
                HOSTILE,
                HOSTILE,
                List.of());
        RunConfig config = RunConfig.defaults().with("data.train", HOSTILE);
        String metrics = Json.line(Json.object().put("step", 1).put(HOSTILE, 0.5)) + "\n";
        Path directory = RunFixture.write(runs, hostile, config, metrics);
        ObjectNode reports = Json.object();
        reports.set("validation", RunFixture.report(HOSTILE, "b").toJson());
        Files.writeString(directory.resolve(RunFiles.REPORT), Json.pretty(reports));

        Document page = Jsoup.parse(RunsPage.render(new RunStore(runs).runs(warning -> {}), 0));
        assertThat(page.select("img")).isEmpty();
        assertThat(page.select("script")).hasSize(3);
        assertThat(page.text()).doesNotContain("onerror");
        JsonNode run = data(page).path("runs").get(0);
        assertThat(run.path("model").asText()).isEqualTo(HOSTILE);
        assertThat(run.path("confusion").path("labels").get(0).asText()).isEqualTo(HOSTILE);
        assertThat(List.of(run.path("curves").has(HOSTILE))).containsExactly(true);
    }
}
