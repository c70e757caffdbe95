package dev.parlance.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.data.DataAudit;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at data before anybody trains on it. */
@CommandLine.Command(
        name = "data",
        description = {
            "Audit labelled texts before training: rows, labels, imbalance, lengths, duplicates, contradicting labels,"
                    + " leaks between the parts.",
            "With --validation or --test it audits the parts that training would see. Never prints a text."
        },
        footer = {
            "  parlance data reviews.csv --model minilm",
            "  parlance data train.tsv --validation dev.tsv --test test.tsv",
            "  parlance data reviews.csv --json | jq '.parts[0].labels'"
        })
final class DataCommand implements Command {
    @Parameters(paramLabel = "FILE", description = "Labelled texts: .csv, .tsv or .jsonl, also .gz.")
    private Path file = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "<name|dir>",
            description = "Also count tokens, by the tokenizer of this model; a name as 'parlance models' lists it.")
    private @Nullable String model;

    @Option(names = "--json", description = "Print the audit as JSON.")
    private boolean json;

    private final Console console;
    private final RunOptions reading = RunOptions.ofReading("data.validation", "data.test", "model.max_length");

    DataCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        reading.addTo(spec);
    }

    @Override
    public Integer call() {
        RunConfig run = reading.run();
        if (model == null) {
            print(audit(run, text -> 0, Integer.MAX_VALUE), null, 0);
            return OK;
        }
        int maxLength = run.model().maxLength();
        try (Tokenizer tokenizer = Tokenizer.load(ModelsCommand.store(console).resolve(model), maxLength)) {
            DataAudit audit = audit(
                    run,
                    text -> {
                        var encoding = tokenizer.encode(text);
                        return encoding.length() + encoding.truncatedTokens();
                    },
                    tokenizer.maxLength());
            print(audit, model, tokenizer.maxLength());
        }
        return OK;
    }

    private DataAudit audit(RunConfig run, ToIntFunction<String> tokens, int maxLength) {
        if (run.data().validation() == null && run.data().test() == null) {
            return DataAudit.of(Dataset.read(run.data(), file), tokens, maxLength);
        }
        RunConfig placed = run.with("data.train", file.toString());
        return DataAudit.of(Splits.read(placed.data()), tokens, maxLength);
    }

    private void print(DataAudit audit, @Nullable String tokenizer, int maxLength) {
        if (json) {
            ObjectNode tree = Json.tree(audit);
            if (tokenizer == null) { // nobody counted
                tree.withArray("parts").forEach(part -> ((ObjectNode) part).remove(List.of("tokens", "cut_share")));
            }
            console.out().print(Json.pretty(tree));
        } else {
            new AuditTable(console, audit, tokenizer, maxLength).print();
        }
    }
}
