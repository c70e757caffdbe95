package dev.parlance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parlance.config.ForeignNames;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Options of training scripts, such as {@code --lr} and {@code --fp16}, under the names that commands have for them. */
final class ForeignOptions {
    private final CommandSpec command;
    private final Consumer<String> notes;
    private final List<String> result = new ArrayList<>();

    private ForeignOptions(CommandSpec command, Consumer<String> notes) {
        this.command = command;
        this.notes = notes;
    }

    /**
     * The words of a command line with each foreign option replaced or left out; only commands that train have any.
     *
     * @param notes hears one line for each
     * @throws UserError for one that there is not
     */
    static String[] translate(CommandLine line, String[] args, Consumer<String> notes) {
        for (String arg : args) {
            CommandLine command = line.getSubcommands().get(arg);
            if (command != null) {
                return command.getCommandSpec().findOption("--seed") == null
                        ? args
                        : translate(command.getCommandSpec(), args, notes);
            }
        }
        return args;
    }

    private static String[] translate(CommandSpec command, String[] args, Consumer<String> notes) {
        ForeignOptions options = new ForeignOptions(command, notes);
        options.translate(List.of(args));
        return options.result.toArray(new String[0]);
    }

    private void translate(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                result.addAll(args.subList(i, args.size()));
                return;
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            Optional<ForeignNames.Meaning> meaning = name.startsWith("--") && command.findOption(name) == null
                    ? ForeignNames.of(name.substring(2)).filter(this::isOffered)
                    : Optional.empty();
            if (meaning.isEmpty()) {
                result.add(arg);
                continue;
            }
            boolean next = equals < 0 && i + 1 < args.size() && !args.get(i + 1).startsWith("-");
            String value = equals >= 0 ? arg.substring(equals + 1) : next ? args.get(i + 1) : null;
            add(name, value, meaning.get());
            i += next ? 1 : 0;
        }
    }

    /** Commands that train have not all options. */
    private boolean isOffered(ForeignNames.Meaning meaning) {
        if (meaning instanceof ForeignNames.Same same) {
            return command.findOption(option(same.path())) != null;
        }
        return !(meaning instanceof ForeignNames.Instead instead) || command.findOption(option(instead.path())) != null;
    }

    private void add(String name, @Nullable String value, ForeignNames.Meaning meaning) {
        JsonNode node = value == null ? BooleanNode.TRUE : TextNode.valueOf(value);
        if (meaning instanceof ForeignNames.Same same) {
            String option = option(same.path());
            result.add(value == null ? option : option + "=" + value);
            notes.accept(name + " is read as " + option);
        } else if (meaning instanceof ForeignNames.Instead instead) {
            String option = option(instead.path());
            String translated = instead.translation().apply(node).asText();
            result.add(option + "=" + translated);
            notes.accept(name + " is read as " + option + " " + translated);
        } else if (meaning instanceof ForeignNames.NoEffect effect) {
            notes.accept(name + " has no effect: " + effect.why());
        } else if (meaning instanceof ForeignNames.Unsupported unsupported) {
            if (!ForeignNames.isOff(node)) {
                throw new UserError(ForeignNames.refusal(name, unsupported));
            }
            notes.accept(name + " has no effect: there is no such setting, and it is off");
        }
    }

    private static String option(String path) {
        return Settings.ALL.stream()
                .filter(setting -> setting.path().equals(path))
                .map(setting -> setting.names().get(setting.names().size() - 1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(path + " is no option"));
    }
}
