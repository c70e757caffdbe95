package dev.parlance.cli;

import dev.parlance.config.LinearConfig;
import dev.parlance.train.hub.BuiltInModel;
import dev.parlance.train.hub.CachedModel;
import dev.parlance.train.hub.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** What there is to start from. */
@CommandLine.Command(
        name = "models",
        description = "List the pretrained models that training can start from, with their licences.",
        footer = {
            "  parlance models",
            "  parlance models fetch bge-small-en",
            "  parlance models export minilm ./minilm        # opens in other tools as well",
            "  parlance models fetch hf:FacebookAI/roberta-base"
        })
final class ModelsCommand implements Command {
    private final Console console;

    ModelsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        Commands.addTo(spec, new Commands.Entry("fetch", Fetch::new), console);
        Commands.addTo(spec, new Commands.Entry("export", Export::new), console);
    }

    @Override
    public Integer call() {
        ModelStore store = store(console);
        Map<String, CachedModel> cached =
                store.cached().stream().collect(Collectors.toMap(CachedModel::name, model -> model));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "HUGGING FACE ID", "LANGUAGES", "PARAMETERS", "LICENCE", "CACHED"));
        for (BuiltInModel model : store.builtIns()) {
            CachedModel here = cached.remove(model.name());
            rows.add(List.of(
                    model.name(),
                    model.upstreamId(),
                    String.join(", ", model.languages()),
                    String.format(Locale.ROOT, "%.1f M", model.parameters() / 1e6),
                    model.licence(),
                    here == null ? "no" : ProgressLine.bytes(here.bytes())));
        }
        store.cached().stream()
                .filter(model -> cached.containsKey(model.name()))
                .forEach(model ->
                        rows.add(List.of(model.name(), "", "", "", "see its card", ProgressLine.bytes(model.bytes()))));
        rows.add(List.of(LinearConfig.MODEL, "", "any", "from the data", "yours", "not needed"));
        Table.print(console.out(), rows);
        console.out().println();
        console.out().println("Use one with 'parlance train --model NAME'; a name that is not cached is fetched then.");
        console.out().println("Other models: --model DIR (Hugging Face layout) or --model hf:owner/name[@revision].");
        return OK;
    }

    static ModelStore store(Console console) {
        return ModelStore.fromEnvironment(System.getenv(), new DownloadProgress(console));
    }

    /** Puts a model into the cache. */
    @CommandLine.Command(
            name = "fetch",
            description = "Put a model into the cache, so that training needs no network.",
            footer = "  parlance models fetch bge-small-zh")
    static final class Fetch implements Command {
        @Parameters(paramLabel = "NAME", description = "A built-in name or hf:owner/name[@revision].")
        private String name = "";

        private final Console console;

        Fetch(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            console.out().println(store(console).resolve(name));
            return OK;
        }
    }

    /** Copies a model out of the cache. */
    @CommandLine.Command(
            name = "export",
            description = "Copy a model to a new directory in Hugging Face layout.",
            footer = "  parlance models export minilm ./minilm")
    static final class Export implements Command {
        @Parameters(index = "0", paramLabel = "NAME", description = "A built-in name or hf:owner/name[@revision].")
        private String name = "";

        @Parameters(index = "1", paramLabel = "DIR", description = "A directory that does not exist yet.")
        private Path directory = Path.of("");

        private final Console console;

        Export(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            store(console).export(name, directory);
            console.out().println(directory);
            return OK;
        }
    }
}
