package dev.parlance.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, driven by the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/) and, for what that lacks,
 * Chrome's DevTools. Selenium's client would bring Guava, which this project bans, for the handful of commands below.
 */
final class Browser implements AutoCloseable {
    static final String MISSING =
            "needs chromium and chromedriver on the PATH; on Debian: apt-get install chromium chromium-driver";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI session;

    private Browser(Process driver, URI root, Path chromium, Path profile, Path downloads) {
        this.driver = driver;
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--force-color-profile=srgb",
                "--window-size=1280,900",
                "--lang=en-US",
                "--user-data-dir=" + profile);
        Map<String, Object> chrome = Map.of(
                "binary",
                chromium.toString(),
                "args",
                arguments,
                "prefs",
                Map.of("download.default_directory", downloads.toString(), "download.prompt_for_download", false));
        Map<String, Object> wanted = Map.of(
                "browserName", "chrome", "goog:chromeOptions", chrome, "goog:loggingPrefs", Map.of("browser", "ALL"));
        JsonNode answer = send("POST", root.resolve("session"), Map.of("capabilities", Map.of("alwaysMatch", wanted)));
        session = root.resolve("session/" + answer.path("sessionId").asText() + "/");
        cdp("Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", downloads.toString()));
    }

    /** Starts one with an empty profile in a directory; empty if this machine has no Chromium or no driver for it. */
    static Optional<Browser> start(Path directory) throws IOException {
        Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = onPath("chromedriver");
        if (chromium.isEmpty() || driver.isEmpty()) {
            return Optional.empty();
        }
        Path downloads = Files.createDirectories(directory.resolve("downloads"));
        Path profile = Files.createDirectories(directory.resolve("profile"));
        Process process = new ProcessBuilder(driver.get().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        URI root = URI.create("http://127.0.0.1:" + port(process) + "/");
        return Optional.of(new Browser(process, root, chromium.get(), profile, downloads));
    }

    private static Optional<Path> onPath(String... names) {
        List<Path> directories = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        return Stream.of(names)
                .flatMap(name -> directories.stream().map(directory -> directory.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The driver takes a free port and says which; what it says later is read and dropped, so that it never blocks. */
    private static int port(Process driver) throws IOException {
        BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("started successfully on port ")) {
                Thread drain = new Thread(() -> lines.lines().forEach(rest -> {}), "chromedriver-output");
                drain.setDaemon(true);
                drain.start();
                return Integer.parseInt(line.replaceAll("\\D+", ""));
            }
        }
        throw new IOException("chromedriver ended before it listened");
    }

    void open(URI address) {
        send("POST", session.resolve("url"), Map.of("url", address.toString()));
        waitUntil("the page is ready", "return document.body && document.body.classList.contains('ready')");
    }

    /** What a script returns; its arguments are {@code arguments[0]} and so on. */
    JsonNode run(String script, Object... arguments) {
        return send("POST", session.resolve("execute/sync"), Map.of("script", script, "args", List.of(arguments)));
    }

    /** Waits until a script returns something true. */
    void waitUntil(String what, String script, Object... arguments) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!truthy(run(script, arguments))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain until " + what + "; the page says: "
                        + run("return document.body.innerText").asText() + "\nlog: " + log());
            }
            sleep(Duration.ofMillis(50));
        }
    }

    private static boolean truthy(JsonNode value) {
        return value.isContainerNode() || value.asBoolean(!value.asText("").isEmpty() && !value.isNull());
    }

    void click(String css) {
        send("POST", element(css, "click"), Map.of());
    }

    /** Replaces what a field holds. */
    void fill(String css, String text) {
        send("POST", element(css, "clear"), Map.of());
        type(css, text);
    }

    /** Types into a field; for one of files, chooses the file of that path. */
    void type(String css, String text) {
        send("POST", element(css, "value"), Map.of("text", text));
    }

    /** Presses keys, wherever the focus is; a key that is held for the next ones comes first. */
    void press(CharSequence... keys) {
        List<Map<String, String>> actions = new ArrayList<>();
        for (CharSequence key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key.toString()));
        }
        for (int i = keys.length - 1; i >= 0; i--) {
            actions.add(Map.of("type", "keyUp", "value", keys[i].toString()));
        }
        Map<String, Object> keyboard = Map.of("type", "key", "id", "keyboard", "actions", actions);
        send("POST", session.resolve("actions"), Map.of("actions", List.of(keyboard)));
    }

    /** Types a text key by key, wherever the focus is. */
    void press(String text) {
        text.codePoints().forEach(c -> press(new CharSequence[] {Character.toString(c)}));
    }

    private URI element(String css, String command) {
        JsonNode found = send("POST", session.resolve("element"), Map.of("using", "css selector", "value", css));
        return session.resolve("element/" + found.path(ELEMENT).asText() + "/" + command);
    }

    /** The text of the first element that matches, as it is shown. */
    String text(String css) {
        return run("return document.querySelector(arguments[0]).innerText", css).asText();
    }

    void cdp(String command, Map<String, Object> parameters) {
        send("POST", session.resolve("goog/cdp/execute"), Map.of("cmd", command, "params", parameters));
    }

    /** A window of so many CSS pixels, with touch if it is narrow. */
    void size(int width, int height) {
        boolean phone = width < 600;
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.<String, Object>of(
                        "width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    }

    /** What the system prefers, for example {@code prefers-color-scheme: dark}. */
    void prefer(String feature, String value) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.<String, Object>of("features", List.of(Map.of("name", feature, "value", value))));
    }

    /** The whole page as a picture. */
    void screenshot(Path file) throws IOException {
        JsonNode picture = send(
                "POST",
                session.resolve("goog/cdp/execute"),
                Map.of("cmd", "Page.captureScreenshot", "params", Map.of("captureBeyondViewport", true)));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    /** What the console has said since this was last asked: warnings, errors, violations of the policy. */
    List<String> log() {
        List<String> lines = new ArrayList<>();
        for (JsonNode entry : send("POST", session.resolve("se/log"), Map.of("type", "browser"))) {
            lines.add(entry.path("level").asText() + " " + entry.path("message").asText());
        }
        return lines;
    }

    private JsonNode send(String method, URI address, @Nullable Object body) {
        try {
            HttpRequest.BodyPublisher content = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(60))
                    .header("Content-Type", "application/json")
                    .method(method, content)
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new AssertionError(
                        address.getPath() + ": " + value.path("error").asText() + ": "
                                + value.path("message").asText());
            }
            return value;
        } catch (IOException e) {
            throw new AssertionError("the browser does not answer " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", URI.create(session.toString().replaceFirst("/$", "")), null);
        } finally {
            driver.destroy();
            try {
                if (!driver.waitFor(5, TimeUnit.SECONDS)) {
                    driver.destroyForcibly();
                }
            } catch (InterruptedException e) {
                driver.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
