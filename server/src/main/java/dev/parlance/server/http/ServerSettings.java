package dev.parlance.server.http;

import static dev.parlance.server.http.ServerSetting.known;
import static dev.parlance.server.http.ServerSetting.own;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link ServerOptions}: a flag wins over an environment variable, that over the file, that over the default. Names of
 * flags and variables are those of text-embeddings-inference where it has them.
 */
public final class ServerSettings {
    private static final String API_KEY = "api_key";
    private static final String ADMIN_KEY = "admin_key";

    /** All settings that have a flag, in the order of the help. Lists of models, traffic and keys stand in the file alone. */
    public static final List<ServerSetting> ALL = List.of(
            // HOSTNAME is what shells and containers call the machine: with it every container would leave loopback.
            own("hostname", "address", "Address to listen at; 0.0.0.0 is every address of this machine."),
            known("port", "n", "Port to listen at; 0 picks a free one and says which."),
            known("batching.max_batch_tokens", "n", "Tokens of a batch, padding included."),
            known("batching.max_batch_requests", "n", "Texts of a batch; 0 is no limit."),
            known("batching.max_client_batch_size", "n", "Texts of a request; more get 413."),
            own(
                    "batching.max_queue_delay",
                    "time",
                    "How long an idle worker waits for texts that are being tokenized."),
            own("batching.max_queue_tokens", "n", "Tokens that wait for a model; more get 429."),
            own("batching.max_input_chars", "n", "Chars of a text; more get 413."),
            known("batching.auto_truncate", "", "Cut a text longer than the model can take rather than refuse it."),
            known("batching.tokenization_workers", "n", "Threads that tokenize; 0 is one for each processor."),
            own("batching.inference_workers", "n", "Batches that run at a time; 0 is what the processors allow."),
            own("batching.threads_per_batch", "n", "Threads that share a batch; 0 is one for each processor."),
            own("batching.cache_entries", "n", "Answers of each model kept for texts that come again; 0 is none."),
            own("batching.collapse", "", "Run equal texts once that are being answered at the same time."),
            own("batching.max_shadow_inputs", "n", "Texts that wait for a shadow version; more are not copied to it."),
            known("limits.max_concurrent_requests", "n", "Requests that are answered at once; more get 429."),
            known("limits.payload_limit", "bytes", "Bytes of a body; more get 413."),
            own(
                    "limits.buffer_limit",
                    "bytes",
                    "Bytes of all bodies at once; more get 429; 0 is an eighth of the heap."),
            own("limits.max_connections", "n", "Open connections; more are closed at once."),
            own("limits.max_request_line", "bytes", "Bytes of a request's first line; more get 414."),
            own("limits.max_header_bytes", "bytes", "Bytes of all headers; more get 431."),
            own("limits.max_headers", "n", "Number of headers; more get 431."),
            own("limits.max_json_depth", "n", "Arrays and objects of a body within each other."),
            own("limits.max_json_tokens", "n", "Values, names and brackets of a body."),
            own("limits.max_number_length", "n", "Chars of a number in a body."),
            own("limits.header_timeout", "time", "From connecting to the end of the headers."),
            own("limits.body_timeout", "time", "From the headers to the end of the body; later gets 408."),
            own("limits.keep_alive_timeout", "time", "How long a connection stays open without a request."),
            own("limits.request_timeout", "time", "How long an answer may take; later gets 504."),
            own("limits.response_timeout", "time", "How long a client may take to read its answer."),
            known(
                    API_KEY,
                    "key",
                    "A key that clients must show. Seen by who lists processes: prefer the variable or the file."),
            own(ADMIN_KEY, "key", "A key that opens the routes of administration, which are closed without one."),
            own("security.rate_limit", "n", "Requests a second of each key, or address without keys; 0 is no limit."),
            own("security.rate_burst", "n", "Requests at once; 0 is a second's worth."),
            known(
                    "security.cors_allow_origin",
                    "origins",
                    "Web origins whose pages may call, with commas between; or *."),
            own("security.tls_cert", "file", "PEM file with the certificate and its chain; read anew when it changes."),
            own("security.tls_key", "file", "PEM file with the private key."),
            own("operations.access_log", "where", "A line of JSON for each request: stdout, stderr, off or a file."),
            own("operations.access_log_max_bytes", "bytes", "A larger file is put aside as FILE.1."),
            own("operations.access_log_files", "n", "Files of the access log at most."),
            known("operations.json_output", "", "Write what is said of the start and the end as JSON."),
            own("operations.metrics_access", "who", "Who may read /metrics: public, client (a key, if set) or admin."),
            known("operations.otlp_endpoint", "url", "Where traces go, by OTLP over HTTP."),
            known("operations.otlp_service_name", "name", "What traces call this server."),
            own(
                    "operations.trace_ratio",
                    "share",
                    "Share of the requests without a trace of their caller's that are traced."),
            own(
                    "operations.drain_delay",
                    "time",
                    "On SIGTERM, requests are taken this long after readiness turns 503."),
            own("operations.drain_timeout", "time", "On SIGTERM, how long requests in flight may take."),
            own("operations.event_loops", "n", "Threads for connections; 0 is one for each two processors."));

    private ServerSettings() {}

    /**
     * The settings of a file, an environment and flags.
     *
     * @param file YAML or JSON; null for none
     * @param environment such as {@link System#getenv()}
     * @param flags what the command line gave
     * @throws UserError if something has no such name, is of another type or out of its range
     */
    public static ServerOptions read(
            @Nullable Path file, Map<String, String> environment, Map<ServerSetting, String> flags) {
        ObjectNode tree = Json.tree(ServerOptions.defaults());
        if (file != null) {
            SettingsTree.merge(tree, fileTree(file), file.toString());
        }
        for (ServerSetting setting : ALL) {
            String value = environment.get(setting.environment());
            if (value != null && !value.isBlank()) {
                set(tree, setting, value, setting.environment());
            }
        }
        for (Map.Entry<ServerSetting, String> flag : flags.entrySet()) {
            set(tree, flag.getKey(), flag.getValue(), flag.getKey().flag());
        }
        return SettingsTree.options(tree);
    }

    /** The default of a setting as the help shows it; null if there is none. */
    public static @Nullable String defaultOf(ServerSetting setting) {
        JsonNode node =
                Json.tree(ServerOptions.defaults()).at("/" + setting.path().replace('.', '/'));
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    private static JsonNode fileTree(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is no file, expected the settings of a server in YAML or JSON");
        }
        return ConfigFiles.readTree(file);
    }

    private static void set(ObjectNode tree, ServerSetting setting, String value, String where) {
        switch (setting.path()) {
            case API_KEY -> addKey(tree, KeyOptions.ofPlain("api-key", value, false));
            case ADMIN_KEY -> addKey(tree, KeyOptions.ofPlain("admin-key", value, true));
            default -> SettingsTree.set(tree, setting.path(), value, where);
        }
    }

    /** Adds a key; one of that id, of a place that counts less, is gone. */
    private static void addKey(ObjectNode tree, KeyOptions key) {
        ArrayNode keys = tree.withObject("/security").withArray("keys");
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (keys.get(i).path("id").asText().equals(key.id())) {
                keys.remove(i);
            }
        }
        keys.add(Json.tree(key));
    }
}
