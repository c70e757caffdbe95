package dev.parlance.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.server.api.Routes;
import dev.parlance.server.engine.Engine;
import dev.parlance.server.engine.EngineOptions;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.http.ParlanceServer;
import dev.parlance.server.http.ServerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The page in a real browser, from the real server, over a real model: that the two speak of the same things. */
class ServedPageIT {
    private static final String CARD = "# words\n\nAdds up <b>ten</b> words.\n";

    @TempDir
    Path directory;

    @Test
    void asks_the_server_and_shows_what_its_model_says() throws Exception {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Engine engine = new Engine(EngineOptions.defaults(), meters);
                ParlanceServer server = ParlanceServer.start(
                        ServerOptions.defaults().withPort(0),
                        Routes.of(engine),
                        ParlanceServer.Telling.metrics(meters));
                Browser browser = Browser.start(directory.resolve("browser")).orElse(null)) {
            if (browser == null) {
                throw new TestAbortedException(Browser.MISSING);
            }
            engine.models().load(new ModelSpec("words", "1", model()));
            browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"));
            classifies(browser);
            scoresFile(browser);
            drawsCharts(browser);
            showsCard(browser);
            assertThat(browser.log()).isEmpty();
        }
    }

    private static void classifies(Browser browser) {
        assertThat(browser.text("#model-facts")).contains("Classification").contains("2 labels");
        browser.fill("#text", "good good fine");
        browser.click("#try-run");
        browser.waitUntil("bars are there", "return document.querySelectorAll('#try-result .bars li').length === 2");
        assertThat(browser.text("#try-result .bars li")).startsWith("positive");
        browser.fill("#text", "bad and broken");
        browser.click("#try-run");
        browser.waitUntil(
                "it is negative",
                "return document.querySelector('#try-result .bars li')?.innerText.startsWith('negative')");
        browser.fill("#text", "good ".repeat(1000));
        browser.click("#try-run");
        browser.waitUntil("it is refused", "return document.querySelector('#try-result .error')");
        assertThat(browser.text("#try-result")).contains("tokens");
        // A refusal of the test's own.
        assertThat(browser.log()).hasSize(1);
    }

    private void scoresFile(Browser browser) throws IOException {
        browser.click("#tab-file");
        Path file = directory.resolve("rows.csv");
        Stream<String> rows = IntStream.range(0, 500).mapToObj(i -> i + "," + (i % 5 == 0 ? "bad" : "good") + " " + i);
        Files.write(file, Stream.concat(Stream.of("id,text"), rows).toList());
        browser.type("#file", file.toString());
        browser.waitUntil("the file is read", "return !document.getElementById('file-panel').hidden");
        browser.click("#file-start");
        browser.waitUntil("it is done", "return !document.getElementById('file-results').hidden");
        assertThat(browser.text("#file-summary")).startsWith("500 rows in").doesNotContain("errors");
        assertThat(browser.text("#file-labels")).contains("positive\n400").contains("negative\n100");
    }

    private static void drawsCharts(Browser browser) {
        browser.click("#tab-live");
        browser.waitUntil(
                "all is known but batches, since none run now",
                "return [...document.querySelectorAll('.legend strong')].slice(0, 6).every(value => /\\d/.test(value.innerText))");
        browser.run(
                "setInterval(() => fetch('predict', { method: 'POST', headers: { 'Content-Type': 'application/json' },"
                        + " body: JSON.stringify({ inputs: 'good' }) }), 100)");
        browser.waitUntil(
                "requests are counted", "return /[1-9]/.test(document.querySelector('.legend strong').innerText)");
        browser.waitUntil(
                "batches are known",
                "return [...document.querySelectorAll('.legend strong')].every(value => /\\d/.test(value.innerText))");
    }

    private static void showsCard(Browser browser) throws IOException {
        browser.click("#tab-card");
        assertThat(browser.text("#card-text")).contains("Adds up <b>ten</b> words.");
        assertThat(browser.text("#card-facts"))
                .contains("bert")
                .contains("float32")
                .contains("64 tokens");
        browser.screenshot(Path.of("target", "screenshots", "served-card.png"));
    }

    /** The classifier of ten words, with a card. */
    private Path model() throws Exception {
        URI config = Objects.requireNonNull(getClass().getResource("/dev/parlance/server/engine/words/config.json"))
                .toURI();
        Path target = Files.createDirectories(directory.resolve("words"));
        for (String name : List.of("config.json", "model.onnx", "tokenizer.json")) {
            Files.copy(Path.of(config).resolveSibling(name), target.resolve(name));
        }
        Files.writeString(target.resolve("README.md"), CARD);
        return target;
    }
}
