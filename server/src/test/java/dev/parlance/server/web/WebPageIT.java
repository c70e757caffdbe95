package dev.parlance.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. Pictures of it are in target/screenshots. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String CONTROL = "\uE009";
    private static final String SHIFT = "\uE008";
    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final String END = "\uE010";
    private static final String RIGHT = "\uE014";

    private Path directory;
    private @Nullable Browser shared;
    private Browser browser;
    private StubServer server;

    @BeforeAll
    void startBrowser(@TempDir Path directory) throws IOException {
        this.directory = directory;
        shared = Browser.start(directory).orElse(null);
    }

    @AfterAll
    void stopBrowser() {
        if (shared != null) {
            shared.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        assumeTrue(shared != null, Browser.MISSING);
        browser = Objects.requireNonNull(shared);
        server = new StubServer(); // its port is new, and so is what the browser stores for it
        browser.size(1280, 900);
        browser.prefer("prefers-color-scheme", "light");
        browser.open(server.address());
    }

    /** Nothing may be said in the console: no error, no warning, no violation of the policy. Refusals are the tests' own. */
    @AfterEach
    void close() {
        if (shared != null) {
            List<String> log = browser.log();
            server.close();
            assertThat(log).allMatch(line -> line.contains("the server responded with a status of 4"));
        }
    }

    @Test
    void shows_a_bar_for_each_label_when_a_text_is_classified() throws IOException {
        browser.fill("#text", "a good, witty film\nthat I would see again");
        browser.click("#try-run");
        browser.waitUntil("bars are there", "return document.querySelectorAll('#try-result .bars li').length === 2");

        assertThat(browser.text("#try-result .bars li")).contains("positive").contains("70.0%");
        double width = browser.run("const bar = document.querySelector('#try-result .bar'); document.getAnimations()"
                        + ".forEach(a => a.finish()); const inner = parseFloat(getComputedStyle(bar, '::before').width);"
                        + " return inner / bar.clientWidth")
                .asDouble();
        assertThat(width).isBetween(0.69, 0.71);
        assertThat(browser.text("#announcer")).isEqualTo("positive, 70.0%");
        assertThat(browser.text("#code")).contains("/predict?model=reviews").contains("witty film\\nthat");
        browser.screenshot(SCREENSHOTS.resolve("try-light.png"));
    }

    @Test
    void shows_all_labels_when_asked_for_more_than_the_first() {
        choose("news/topics");
        classify("rain tomorrow");
        assertThat(count("#try-result .bars li")).isEqualTo(8);
        browser.click("#try-result button");
        assertThat(count("#try-result .bars li")).isEqualTo(12);
    }

    @Test
    void sends_two_texts_when_a_second_is_added() {
        browser.click("#second-toggle");
        browser.fill("#text", "good");
        browser.fill("#text-pair", "better");
        assertThat(browser.text("#code")).contains("[[\"good\",\"better\"]]");
    }

    @Test
    void works_by_keyboard_alone() {
        browser.press(TAB);
        assertThat(focused()).isEqualTo("Skip to the content");
        browser.press(ENTER);
        browser.press(TAB);
        assertThat(focused()).isEqualTo("model");
        browser.press(TAB);
        assertThat(focused()).isEqualTo("tab-try");
        assertThat(focusIsVisible()).isTrue();
        browser.press(TAB);
        assertThat(focused()).isEqualTo("text");
        assertThat(focusIsVisible()).isTrue();
        browser.press("good");
        browser.press(CONTROL, ENTER);
        browser.waitUntil("bars are there", "return document.querySelector('#try-result .bars li')");

        browser.press(SHIFT, TAB);
        browser.press(RIGHT);
        assertThat(focused()).isEqualTo("tab-file");
        assertThat(shown("#panel-file")).isTrue();
        assertThat(shown("#panel-try")).isFalse();
        browser.press(TAB);
        assertThat(focused()).isEqualTo("file");
        browser.press(SHIFT, TAB);
        browser.press(END);
        assertThat(focused()).isEqualTo("tab-card");
        assertThat(browser.run("return document.getElementById('tab-card').getAttribute('aria-selected')")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void says_what_each_control_is() {
        JsonNode nameless = browser.run("""
                document.querySelectorAll('[hidden]').forEach(node => node.hidden = false);
                return [...document.querySelectorAll('button, a, input, select, textarea, [role=tabpanel], [role=region]')]
                    .filter(node => !(node.labels?.length || node.getAttribute('aria-label')
                        || node.getAttribute('aria-labelledby') || node.innerText?.trim()))
                    .map(node => node.outerHTML)""");
        assertThat(nameless).isEmpty();
    }

    @Test
    void speaks_chinese_when_switched_and_remembers_it() throws IOException {
        browser.click("#language");
        browser.waitUntil("it is Chinese", "return document.documentElement.lang === 'zh-CN'");
        assertThat(browser.text("#try-run")).isEqualTo("分类");
        classify("good 一部好电影");
        browser.screenshot(SCREENSHOTS.resolve("try-chinese.png"));

        browser.open(server.address());
        assertThat(browser.text("#tab-card")).isEqualTo("模型卡");
        assertThat(browser.run("return document.title").asText()).contains("模型");
        browser.click("#language");
        browser.waitUntil("it is English", "return document.documentElement.lang === 'en'");
    }

    @Test
    void speaks_the_language_of_the_browser() {
        String agent = browser.run("return navigator.userAgent").asText();
        browser.cdp("Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", "zh-TW,en"));
        browser.open(server.address());
        assertThat(browser.text("#try-run")).isEqualTo("分类");
        browser.cdp("Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", "en-US,en"));
    }

    @Test
    void never_scrolls_sideways_on_a_phone() throws IOException {
        browser.size(320, 640);
        for (String language : List.of("en", "zh")) {
            classify("good " + "unbreakable".repeat(30));
            score(rows(40));
            for (String tab : List.of("try", "file", "live", "card")) {
                browser.click("#tab-" + tab);
                assertThat(browser.run("return document.documentElement.scrollWidth")
                                .asInt())
                        .as(tab + " in " + language)
                        .isEqualTo(320);
                browser.screenshot(SCREENSHOTS.resolve("phone-" + tab + "-" + language + ".png"));
            }
            browser.click("#tab-try");
            browser.click("#language");
            Browser.sleep(Duration.ofMillis(200));
        }
    }

    @Test
    void follows_the_theme_of_the_system_and_the_switch() throws IOException {
        assertThat(lightness()).isGreaterThan(0.9);
        browser.prefer("prefers-color-scheme", "dark");
        assertThat(lightness()).isLessThan(0.1);
        classify("good");
        browser.screenshot(SCREENSHOTS.resolve("try-dark.png"));
        browser.click("#theme");
        assertThat(lightness()).isGreaterThan(0.9);
        browser.open(server.address());
        assertThat(lightness()).isGreaterThan(0.9);
    }

    @Test
    void has_enough_contrast_in_both_themes() throws IOException {
        for (String theme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", theme);
            choose("reviews");
            classify("good");
            score(Stream.concat(Stream.of("text", "endless", "\"\""), Stream.of("good", "bad"))
                    .toList());
            for (String tab : List.of("try", "file", "live", "card")) {
                browser.click("#tab-" + tab);
                assertThat(browser.run(script("contrast.js")))
                        .as(tab + ", " + theme)
                        .isEmpty();
            }
            browser.click("#tab-file");
            browser.screenshot(SCREENSHOTS.resolve("file-errors-" + theme + ".png"));
            compare();
            assertThat(browser.run(script("contrast.js")))
                    .as("sentences, " + theme)
                    .isEmpty();
            browser.screenshot(SCREENSHOTS.resolve("sentences-" + theme + ".png"));
        }
    }

    @Test
    void moves_nothing_for_those_who_want_less_motion() {
        browser.prefer("prefers-reduced-motion", "reduce");
        classify("good");
        assertThat(browser.run("return document.getAnimations().length").asInt())
                .isZero();
    }

    @Test
    void scores_a_file_and_gives_it_back_as_csv() throws IOException {
        List<String> rows = Stream.concat(
                        rows(300).stream(), Stream.of("7,endless", "8,\"\"", "9", "10,\"good, \"\"so\"\" to say\""))
                .toList();
        score(rows);
        assertThat(browser.text("#file-summary")).startsWith("302 rows in").endsWith("Rows with errors: 3.");
        assertThat(browser.text("#file-errors"))
                .contains("Line 302 inputs: a text has 900 tokens, at most 512 are allowed")
                .contains("Line 303 The text is empty.")
                .contains("Line 304 The row has 1 fields instead of 2.");
        assertThat(server.mostInFlight.get()).isBetween(2, 4);
        browser.screenshot(SCREENSHOTS.resolve("file-light.png"));

        List<String> lines = download("rows-reviews.csv").lines().toList();
        assertThat(lines).hasSize(305);
        assertThat(lines.get(0))
                .isEqualTo("id,text,predicted_label,predicted_score,score_positive,score_negative,error");
        assertThat(lines.get(1)).startsWith("0,good text number 0,positive,0.7,0.7,0.3");
        assertThat(lines.get(2)).startsWith("1,dull text number 1,negative,0.7,0.3");
        assertThat(lines.get(301)).startsWith("7,endless,,,,,").contains("900 tokens");
        assertThat(lines.get(304)).startsWith("10,\"good, \"\"so\"\" to say\",positive,0.7");
    }

    @Test
    void takes_a_dropped_file_of_json_lines() {
        browser.click("#tab-file");
        drop("会话.jsonl", "{\"text\": \"good 好\", \"n\": 1}\n{\"n\": [2], \"text\": \"坏\\n了\"}\nno json\n");
        browser.waitUntil("the file is read", "return !document.getElementById('file-panel').hidden");
        assertThat(browser.text("#file-facts")).isEqualTo("会话.jsonl · rows: 3 · UTF-8");
        browser.click("#file-start");
        browser.waitUntil("it is done", "return !document.getElementById('file-results').hidden");
        assertThat(browser.text("#file-summary")).startsWith("2 rows in");
        assertThat(browser.text("#file-errors")).contains("Line 3 The line is not a JSON object.");
    }

    @Test
    void stops_a_file_when_cancelled_and_keeps_what_is_done() throws IOException {
        server.millis = 100;
        choose(rows(2000));
        browser.click("#file-start");
        browser.waitUntil("some rows are done", "return document.getElementById('file-bar').value > 0");
        browser.screenshot(SCREENSHOTS.resolve("file-progress.png"));
        browser.click("#file-cancel");
        browser.waitUntil("it has stopped", "return !document.getElementById('file-results').hidden");
        assertThat(browser.text("#file-summary")).matches("Cancelled after [\\d,]+ of 2,000 rows\\.");
        int asked = server.asked.get();
        Browser.sleep(Duration.ofMillis(400));
        assertThat(server.asked.get()).isEqualTo(asked);
        List<String> lines = download("rows-reviews.csv").lines().toList();
        assertThat(lines).hasSize(2001);
        assertThat(lines.get(2000)).endsWith(",Not scored.");
    }

    @Test
    void asks_a_busy_server_again_when_it_says() {
        server.busy.set(2);
        long start = System.nanoTime();
        browser.fill("#text", "good");
        browser.click("#try-run");
        browser.waitUntil("it says so", "return document.getElementById('try-result').innerText.includes('busy')");
        browser.waitUntil("bars are there", "return document.querySelector('#try-result .bars li')");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(server.asked.get()).isEqualTo(3);
    }

    @Test
    void loses_no_row_when_the_server_is_busy() throws IOException {
        server.busy.set(9);
        score(rows(200));
        assertThat(browser.text("#file-summary")).startsWith("200 rows in").doesNotContain("errors");
        assertThat(server.asked.get()).isEqualTo(9 + 13);
    }

    @Test
    void asks_for_a_key_when_the_server_wants_one() throws IOException {
        server.key = "s3cret";
        browser.fill("#text", "good");
        browser.click("#try-run");
        browser.waitUntil("it asks", "return document.getElementById('key-dialog').open");
        browser.screenshot(SCREENSHOTS.resolve("key.png"));
        browser.type("#key-input", "wrong" + ENTER);
        browser.waitUntil(
                "it asks again",
                "return document.getElementById('key-dialog').open"
                        + " && !document.getElementById('key-wrong').hidden");
        browser.type("#key-input", "s3cret" + ENTER);
        browser.waitUntil("bars are there", "return document.querySelector('#try-result .bars li')");
        assertThat(browser.run(
                                "return [JSON.stringify(localStorage), document.cookie, document.documentElement.outerHTML].join()")
                        .asText())
                .doesNotContain("s3cret");
        browser.fill("#text", "better");
        assertThat(browser.text("#code")).contains("Authorization: Bearer $PARLANCE_API_KEY");
    }

    @Test
    void compares_sentences_when_the_model_is_an_encoder() {
        compare();
        assertThat(browser.text(".matrix tbody td")).isEqualTo("1.00");
        assertThat(browser.text("#code")).contains("/embed?model=sentences");
    }

    @Test
    void draws_what_the_server_does() throws IOException {
        browser.click("#tab-live");
        browser.waitUntil("rates are known", "return /[1-9]/.test(document.querySelector('.legend strong').innerText)");
        assertThat(count("#live-charts canvas")).isEqualTo(4);
        Browser.sleep(Duration.ofSeconds(9));
        int colors = browser.run("""
                        const canvas = document.querySelectorAll('#live-charts canvas')[1];
                        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                        return new Set(new Uint32Array(pixels.buffer)).size""").asInt();
        assertThat(colors).isGreaterThan(20);
        browser.screenshot(SCREENSHOTS.resolve("live-light.png"));
        browser.prefer("prefers-color-scheme", "dark");
        Browser.sleep(Duration.ofMillis(300));
        browser.screenshot(SCREENSHOTS.resolve("live-dark.png"));
        browser.click("#live-pause");
        assertThat(browser.text("#live-pause")).isEqualTo("Resume");
    }

    @Test
    void shows_a_model_card_as_a_document() throws IOException {
        browser.click("#tab-card");
        assertThat(browser.text("#card-text h2")).isEqualTo("reviews");
        assertThat(count("#card-text table tbody tr")).isEqualTo(2);
        assertThat(browser.text("#card-text tbody tr:last-child td")).isEqualTo("macro_f1");
        assertThat(count("#card-text li li")).isEqualTo(2);
        assertThat(browser.text("#card-text ol")).contains("Then decide.");
        assertThat(browser.text("#card-text pre")).contains("witty film <3");
        assertThat(browser.run("return document.querySelector('#card-text a').href")
                        .asText())
                .isEqualTo("https://example.org/bge");
        browser.screenshot(SCREENSHOTS.resolve("card-light.png"));
    }

    @Test
    void keeps_hostile_cards_labels_and_texts_as_text() throws IOException {
        choose("hostile");
        String text = "<img src=x onerror=\"window.hacked=1\"> good";
        classify(text);
        assertThat(browser.text("#try-result .bars li")).startsWith("<img src=x onerror=");
        score(List.of("text", "\"" + text.replace("\"", "\"\"") + "\"", "good"));
        browser.click("#tab-card");
        browser.screenshot(SCREENSHOTS.resolve("card-hostile.png"));
        assertThat(browser.text("#card-text"))
                .contains("<img src=x onerror=\"window.hacked=1\">")
                .contains("<iframe");
        assertThat(browser.run("return window.hacked === undefined").asBoolean())
                .isTrue();
        assertThat(count("main img, iframe, script:not([src]), style, main svg, [onerror], [onload], [style*=url]"))
                .isZero();
        assertThat(browser.run("return [...document.querySelectorAll('main a')].map(a => a.href)"))
                .isEmpty();
    }

    /** That the console is read at all, and that the policy holds: what the other tests' closing check rests on. */
    @Test
    void runs_no_script_but_its_own() {
        // Later, since what the driver runs itself may evaluate.
        browser.run("""
                setTimeout(() => {
                    window.ran = 0;
                    const script = document.createElement('script');
                    try { script.text = 'window.ran++'; document.body.append(script) } catch { window.refused = 1 }
                    try { (0, eval)('window.ran++') } catch { window.refused = 1 + (window.refused ?? 0) }
                    try { document.body.innerHTML = '<b>' } catch { window.refused = 1 + (window.refused ?? 0) }
                    const inline = document.createElement('div');
                    inline.setAttribute('style', 'color: red');
                    document.body.append(inline);
                    window.styled = inline.style.color;
                    window.tried = true;
                })""");
        browser.waitUntil("all was tried", "return window.tried");
        assertThat(browser.run("return [window.ran, window.refused, window.styled].join()")
                        .asText())
                .isEqualTo("0,3,");
        assertThat(browser.log()).anyMatch(line -> line.contains("Content Security Policy"));
    }

    @Test
    void says_so_when_the_server_is_gone() {
        server.close();
        browser.fill("#text", "good");
        browser.click("#try-run");
        browser.waitUntil(
                "it says so", "return document.getElementById('try-result').innerText.includes('not answer')");
        assertThat(browser.log()).allMatch(line -> line.contains("net::ERR_CONNECTION_REFUSED"));
    }

    private void classify(String text) {
        browser.click("#tab-try");
        browser.fill("#text", text);
        browser.click("#try-run");
        browser.waitUntil(
                "bars are there",
                "return document.querySelector('#try-result .bars li')"
                        + " && !document.getElementById('try-result').ariaBusy");
    }

    private void compare() {
        choose("sentences");
        browser.click("#tab-try");
        browser.fill("#text", "The cat sits on the mat.\nA cat is on a mat.\nShares fell sharply on Monday.\n\nzzzzzz");
        browser.click("#try-run");
        browser.waitUntil("a matrix is there", "return document.querySelectorAll('.matrix tbody tr').length === 4");
    }

    private void choose(String model) {
        browser.run(
                "const select = document.getElementById('model'); select.value = arguments[0];"
                        + " select.dispatchEvent(new Event('change'))",
                model);
    }

    private void choose(List<String> lines) throws IOException {
        browser.click("#tab-file");
        Path file = directory.resolve("rows.csv");
        Files.write(file, lines);
        browser.type("#file", file.toString());
        browser.waitUntil(
                "the file is read",
                "return !document.getElementById('file-panel').hidden"
                        + " && document.getElementById('file-results').hidden");
    }

    private void score(List<String> lines) throws IOException {
        choose(lines);
        browser.click("#file-start");
        browser.waitUntil("it is done", "return !document.getElementById('file-results').hidden");
    }

    private static List<String> rows(int n) {
        Stream<String> rows =
                IntStream.range(0, n).mapToObj(i -> i + "," + (i % 2 == 0 ? "good" : "dull") + " text number " + i);
        return Stream.concat(Stream.of("id,text"), rows).toList();
    }

    private void drop(String name, String content) {
        browser.run("""
                const files = new DataTransfer();
                files.items.add(new File([arguments[1]], arguments[0]));
                document.getElementById('drop').dispatchEvent(
                    new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))""", name, content);
    }

    private String download(String name) throws IOException {
        Path file = directory.resolve("downloads").resolve(name);
        Files.deleteIfExists(file);
        browser.click("#file-save");
        for (int i = 0; i < 200 && !Files.exists(file); i++) {
            Browser.sleep(Duration.ofMillis(50));
        }
        return Files.readString(file);
    }

    private int count(String css) {
        return browser.run("return document.querySelectorAll(arguments[0]).length", css)
                .asInt();
    }

    private boolean shown(String css) {
        return browser.run("return !document.querySelector(arguments[0]).hidden", css)
                .asBoolean();
    }

    private String focused() {
        return browser.run("return document.activeElement.id || document.activeElement.innerText")
                .asText();
    }

    private boolean focusIsVisible() {
        return browser.run("const style = getComputedStyle(document.activeElement);"
                        + " return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2")
                .asBoolean();
    }

    /** Of the page's ground, in 0..1. */
    private double lightness() {
        return browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                        + ".reduce((sum, part) => sum + Number(part) / 765, 0)")
                .asDouble();
    }

    private static String script(String name) throws IOException {
        try (var in = WebPageIT.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the test lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
