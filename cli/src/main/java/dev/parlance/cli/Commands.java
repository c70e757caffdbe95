package dev.parlance.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All commands, in the order of the help. A new command is a class and a line here. */
final class Commands {
    // Lambdas, since a method reference would load the class of every command, and what it uses, at each start.
    static final List<Entry> ALL = List.of(
            new Entry("quickstart", console -> new QuickstartCommand(console)),
            new Entry("train", console -> new TrainCommand(console)),
            new Entry("search", console -> new SearchCommand(console)),
            new Entry("evaluate", console -> new EvaluateCommand(console)),
            new Entry("predict", console -> new PredictCommand(console)),
            new Entry("export", console -> new ExportCommand(console)),
            new Entry("serve", console -> new ServeCommand(console)),
            new Entry("runs", console -> new RunsCommand(console)),
            new Entry("data", console -> new DataCommand(console)),
            new Entry("models", console -> new ModelsCommand(console)),
            new Entry("doctor", console -> new DoctorCommand(console)),
            new Entry("warm-up", console -> new WarmUpCommand(console)));

    private Commands() {}

    /**
     * Adds the commands to the command line; if the arguments name one, that one alone, since reading the annotations of
     * all takes longer than a short command itself.
     */
    static void addTo(CommandLine line, Console console, String... args) {
        Optional<Entry> named = Arrays.stream(args)
                .filter(argument -> !argument.startsWith("-"))
                .findFirst()
                .flatMap(name ->
                        ALL.stream().filter(entry -> entry.name().equals(name)).findFirst());
        named.map(List::of).orElse(ALL).forEach(entry -> addTo(line.getCommandSpec(), entry, console));
    }

    /** Adds a command below another. */
    static void addTo(CommandSpec parent, Entry entry, Console console) {
        Command command = entry.create().apply(console);
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        spec.mixinStandardHelpOptions(true).versionProvider(new Main.Version());
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(Main.EXIT_CODES)
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .footerHeading("%nExamples:%n")
                .sortOptions(false);
        command.configure(spec);
        parent.addSubcommand(entry.name(), new CommandLine(spec));
    }

    /** A word and what stands behind it. */
    record Entry(String name, Function<Console, Command> create) {}
}
