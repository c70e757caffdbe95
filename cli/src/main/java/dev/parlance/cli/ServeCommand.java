package dev.parlance.cli;

import dev.parlance.config.UserError;
import dev.parlance.server.http.KeyOptions;
import dev.parlance.server.http.ServerOptions;
import dev.parlance.server.http.ServerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models behind an HTTP port. */
@CommandLine.Command(
        name = "serve",
        description = {
            "Answer requests over HTTP with one or more models, in the dialects that clients of Hugging Face Inference,"
                    + " text-embeddings-inference, OpenAI embeddings and KServe v2 speak; with a page to try them at /.",
            "Every setting has a default, a key of the file, an environment variable and an option; where several have it,"
                    + " the option wins over the variable, that over the file. Names are those of text-embeddings-inference"
                    + " where it has them: docs/serving.md has the table.",
            "It listens on this machine alone unless --hostname says otherwise. SIGTERM or Ctrl-C finishes what is in"
                    + " flight; a second one ends at once."
        },
        footer = {
            "  parlance serve models/reviews",
            "  parlance serve reviews=models/sst2 minilm --port 9000",
            "  parlance serve --config serve.yaml --hostname 0.0.0.0 --json-output",
            "  openssl rand -hex 32 | tee key.txt | parlance serve --hash-key"
        })
final class ServeCommand implements Command {
    private static final int SHORTEST_KEY = 16;

    @Parameters(
            arity = "0..*",
            paramLabel = "MODEL",
            description =
                    "A directory, name=directory, name@version=directory, or the name of a built-in encoder such as"
                            + " minilm. The first answers where a client names none. They stand for those of the file.")
    private List<String> models = List.of();

    @Option(names = "--config", paramLabel = "<file>", description = "The settings, in YAML or JSON.")
    private @Nullable Path config;

    @Option(names = "--hash-key", description = "Read a key from standard input, print its hash for the file, and end.")
    private boolean hashKey;

    private final Console console;
    private final ServeFlags flags = new ServeFlags();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        flags.addTo(spec);
    }

    @Override
    public Integer call() throws IOException {
        if (hashKey) {
            console.out().println(KeyOptions.hash(key()));
            return OK;
        }
        ServerOptions options = ServerSettings.read(config, System.getenv(), flags.given());
        if (!models.isEmpty()) {
            options = options.withModels(ServedModels.parse(models));
        }
        if (options.models().isEmpty()) {
            throw new UserError(
                    "there is nothing to serve, expected MODEL, such as a directory, or models in --config");
        }
        return new ServeRun(console, options).call();
    }

    private String key() throws IOException {
        if (console.interactive()) {
            console.err().println("type or paste the key, then Enter:");
        }
        BufferedReader reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        String key = line == null ? "" : line.strip();
        if (key.length() < SHORTEST_KEY) {
            throw new UserError("the key has " + key.length() + " chars, expected at least " + SHORTEST_KEY
                    + "; 'openssl rand -hex 32' makes a good one");
        }
        return key;
    }
}
