package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {
    @TempDir
    Path directory;

    @Test
    void a_flag_wins_over_the_environment_over_the_file_over_the_default() throws IOException {
        Path file = write("port: 1000\nlimits: {payload_limit: 1000, max_headers: 20}\n");
        ServerOptions read = ServerSettings.read(
                file, Map.of("PORT", "2000", "PAYLOAD_LIMIT", "2000"), Map.of(setting("port"), "3000"));
        assertThat(read.port()).isEqualTo(3000);
        assertThat(read.limits().payloadLimit()).isEqualTo(2000);
        assertThat(read.limits().maxHeaders()).isEqualTo(20);
        assertThat(read.limits().maxConcurrentRequests()).isEqualTo(512);
    }

    @Test
    void a_file_has_models_traffic_and_keys() throws IOException {
        Path file = write("""
                models:
                  - {name: reviews, path: models/reviews}
                  - {name: reviews, version: 2, path: models/reviews-2}
                  - {name: minilm, path: minilm}
                traffic:
                  - {model: reviews, default_version: "1", canary: 2, canary_percent: 5}
                security:
                  keys:
                    - {id: web, sha256: %s, requests_per_second: 50}
                  cors_allow_origin: ["https://a.example"]
                operations: {drain_timeout: 1m30s, access_log: off}
                """.formatted("ab".repeat(32)));
        ServerOptions read = ServerSettings.read(file, Map.of(), Map.of());
        assertThat(read.models())
                .containsExactly(
                        new ServedModel("reviews", "1", "models/reviews"),
                        new ServedModel("reviews", "2", "models/reviews-2"),
                        new ServedModel("minilm", "1", "minilm"));
        assertThat(read.traffic()).containsExactly(new TrafficOptions("reviews", "1", "2", 5, null));
        assertThat(read.security().keys()).containsExactly(new KeyOptions("web", "ab".repeat(32), false, 50, 0));
        assertThat(read.security().closed()).isTrue();
        assertThat(read.operations().drainTimeout()).isEqualTo(new TimeSpan(90_000));
        assertThat(read.operations().accessLog()).isEqualTo("off");
    }

    @Test
    void a_plain_key_is_hashed_as_soon_as_it_is_read() {
        ServerOptions read = ServerSettings.read(
                null, Map.of("API_KEY", "from-the-environment"), Map.of(setting("admin_key"), "from-a-flag-here"));
        assertThat(read.security().keys())
                .containsExactly(
                        new KeyOptions("api-key", KeyOptions.hash("from-the-environment"), false, 0, 0),
                        new KeyOptions("admin-key", KeyOptions.hash("from-a-flag-here"), true, 0, 0));
        assertThat(read.toString()).doesNotContain("from-the-environment", "from-a-flag-here");
        assertThat(KeyOptions.hash("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2, B.1
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "limit: {payload_limit: 1} | unknown key limit; did you mean limits?",
                "limits: {payload_limits: 1} | unknown key limits.payload_limits; did you mean limits.payload_limit?",
                "payload_limit: 1 | unknown key payload_limit; did you mean limits.payload_limit?",
                "port: many | port is 'many', expected a whole number",
                "port: 70000 | port is 70000, expected a whole number from 0 to 65535",
                "port: [1] | port is a list, expected a whole number",
                "limits: 3 | limits is no group of settings",
                "models: {name: a} | models is no list",
                "models: [{name: a}] | an entry of models has no path",
                "models: [{name: a, path: b, pth: c}] | unknown key models.pth; did you mean models.path?",
                "models: [{name: 'a b', path: b}] | models has the name 'a b'",
                "models: [{name: a, path: b}, {name: a, path: c}] | version 1 of a twice",
                "traffic: [{model: a, default_version: 1}] | traffic names the model 'a'",
                "security: {keys: [{id: a, sha256: secret}]} | sha256 of a has 6 chars",
                "security: {tls_cert: a.pem} | security has only tls_cert",
                "security: {cors_allow_origin: [example.com]} | 'example.com', expected an origin",
                "operations: {metrics_access: all} | operations.metrics_access is 'all', expected one of public",
                "operations: {drain_timeout: soon} | operations.drain_timeout: a length of time is 'soon', expected a length of time",
                "operations: {json_output: 1} | operations.json_output is '1', expected true or false"
            })
    void says_what_is_wrong_in_a_file(String yaml, String message) throws IOException {
        Path file = write(yaml);
        assertThatThrownBy(() -> ServerSettings.read(file, Map.of(), Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void says_which_flag_or_variable_is_wrong() {
        assertThatThrownBy(() -> ServerSettings.read(null, Map.of("MAX_BATCH_TOKENS", "x"), Map.of()))
                .hasMessage("MAX_BATCH_TOKENS is 'x', expected a whole number");
        assertThatThrownBy(() -> ServerSettings.read(null, Map.of(), Map.of(setting("batching.auto_truncate"), "yes")))
                .hasMessage("--auto-truncate is 'yes', expected true or false");
    }

    @Test
    void every_setting_has_a_default_a_flag_and_a_variable_of_its_own() {
        assertThat(ServerSettings.ALL).extracting(ServerSetting::flag).doesNotHaveDuplicates();
        assertThat(ServerSettings.ALL).extracting(ServerSetting::environment).doesNotHaveDuplicates();
        for (ServerSetting setting : ServerSettings.ALL) {
            String text = ServerSettings.defaultOf(setting);
            if (text != null && !text.isEmpty()) {
                assertThat(ServerSettings.read(null, Map.of(setting.environment(), text), Map.of()))
                        .as(setting.path())
                        .isEqualTo(ServerOptions.defaults());
            }
        }
    }

    @Test
    void names_are_those_of_text_embeddings_inference() {
        assertThat(ServerSettings.ALL)
                .extracting(setting -> setting.flag() + " " + setting.environment())
                .contains(
                        "--max-concurrent-requests MAX_CONCURRENT_REQUESTS",
                        "--max-batch-tokens MAX_BATCH_TOKENS",
                        "--max-batch-requests MAX_BATCH_REQUESTS",
                        "--max-client-batch-size MAX_CLIENT_BATCH_SIZE",
                        "--auto-truncate AUTO_TRUNCATE",
                        "--tokenization-workers TOKENIZATION_WORKERS",
                        "--payload-limit PAYLOAD_LIMIT",
                        "--api-key API_KEY",
                        "--port PORT",
                        "--hostname PARLANCE_HOSTNAME",
                        "--json-output JSON_OUTPUT",
                        "--otlp-endpoint OTLP_ENDPOINT",
                        "--otlp-service-name OTLP_SERVICE_NAME",
                        "--cors-allow-origin CORS_ALLOW_ORIGIN");
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "1.5, 1500", "10s, 10000", "0, 0", "1m30s, 90000", "2d, 172800000"})
    void reads_lengths_of_time(String text, long millis) {
        assertThat(TimeSpan.parse(text).millis()).isEqualTo(millis);
        assertThat(TimeSpan.parse(TimeSpan.parse(text).text()).millis()).isEqualTo(millis);
    }

    private static ServerSetting setting(String path) {
        return ServerSettings.ALL.stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("serve.yaml"), yaml);
    }
}
