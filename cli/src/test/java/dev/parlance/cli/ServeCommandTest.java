package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import dev.parlance.server.http.ServedModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("listening at (http://127\\.0\\.0\\.1:\\d+/)");

    @TempDir
    Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void serves_a_model_without_libtorch_until_it_is_told_to_end() throws Exception {
        try (SelfTestModel model = SelfTestModel.unpack();
                Forked server = Forked.java(
                        directory,
                        List.of("-verbose:class"),
                        "dev.parlance.cli.Main",
                        "serve",
                        "words=" + model.directory(),
                        "--port",
                        "0")) {
            String address = server.await(ADDRESS);
            assertThat(get(address + "v2/health/live").statusCode()).isEqualTo(200);
            server.await("ready");
            assertThat(get(address + "health").statusCode()).isEqualTo(200);
            HttpResponse<String> answer = post(address + "predict", "{\"inputs\":\"good\"}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"positive\"");
            assertThat(get(address + "metrics").body()).contains("route=\"/predict\",status=\"200\"");
            server.signal("TERM");
            assertThat(server.finish(0))
                    .anyMatch(line -> line.startsWith("shutting down on SIGTERM"))
                    .anyMatch(line -> line.matches("\\{\"time\":.*\"route\":\"/predict\".*\"status\":200.*"))
                    .noneMatch(line -> line.contains("org.bytedeco") || line.contains("dev.parlance.train."));
        }
    }

    @Test
    void a_port_in_use_and_a_model_that_is_none_end_with_one_line() throws Exception {
        try (SelfTestModel model = SelfTestModel.unpack();
                Forked first = Forked.parlance(
                        directory,
                        List.of("serve", model.directory().toString(), "--port", "0", "--access-log", "off"))) {
            int port = URI.create(first.await(ADDRESS)).getPort();
            try (Forked second = Forked.parlance(
                    directory, List.of("serve", model.directory().toString(), "--port", Integer.toString(port)))) {
                assertThat(second.finish(2))
                        .anyMatch(line -> line.startsWith("parlance: port " + port + " of 127.0.0.1 is in use"));
            }
        }
        Path empty = Files.createDirectory(directory.resolve("empty"));
        try (Forked process = Forked.parlance(directory, List.of("serve", empty.toString(), "--port", "0"))) {
            assertThat(process.finish(2)).anyMatch(line -> line.startsWith("parlance: ") && line.contains("empty"));
        }
    }

    @Test
    void needs_a_model() {
        Run run = Run.of("serve");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("parlance: there is nothing to serve, expected MODEL");
    }

    @Test
    void prints_the_hash_of_a_key_alone() {
        Run run = Run.withInput("0123456789abcdef\n", "serve", "--hash-key");
        assertThat(run.code()).isZero();
        assertThat(run.out()) // from sha256sum of GNU coreutils
                .isEqualTo("9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f\n");
        Run tooShort = Run.withInput("secret\n", "serve", "--hash-key");
        assertThat(tooShort.code()).isEqualTo(2);
        assertThat(tooShort.err()).contains("has 6 chars").doesNotContain("secret");
    }

    @Test
    void a_wrong_setting_is_named() {
        Run run = Run.of("serve", "models/x", "--payload-limit", "much");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("parlance: --payload-limit is 'much', expected a whole number");
    }

    @Test
    void help_shows_variables_and_defaults() {
        assertThat(Run.of("serve", "--help").out())
                .contains("--max-batch-tokens=<n>", "MAX_BATCH_TOKENS, default 16384.")
                .contains("--host, --hostname=<address>");
    }

    @Test
    void models_have_the_name_that_is_given_or_that_of_their_directory() {
        assertThat(ServedModels.parse(List.of("models/reviews/", "a/b@2=some/dir", "minilm")))
                .containsExactly(
                        new ServedModel("reviews", "1", "models/reviews/"),
                        new ServedModel("a/b", "2", "some/dir"),
                        new ServedModel("minilm", "1", "minilm"));
        assertThatThrownBy(() -> ServedModels.parse(List.of("models/my model")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("name=directory");
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address)).build());
    }

    private static HttpResponse<String> post(String address, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
