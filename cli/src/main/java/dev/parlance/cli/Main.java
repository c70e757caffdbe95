package dev.parlance.cli;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code parlance} command. {@link Commands} lists what it can do. */
@CommandLine.Command(
        name = "parlance",
        description = "Fine-tune, measure and use text classifiers on the JVM.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  parlance quickstart",
            "  parlance train --data reviews.csv",
            "  parlance predict models/reviews \"arrived late and broken\"",
            "",
            "'parlance COMMAND --help' explains a command."
        })
public final class Main {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of every error, also of those that you can mend.")
    private boolean debug;

    /** What a command's exit code says. */
    static final Map<String, String> EXIT_CODES = exitCodes();

    private Main() {}

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "something broke, or a check did not pass");
        codes.put("2", "a wrong option, file or model; the message says what to do");
        codes.put("130", "stopped by Ctrl-C (143: by SIGTERM); training has saved what it had");
        return codes;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Natives.configure();
        Console console = Console.ofProcess();
        System.exit(run(console, args));
    }

    /** Runs one command in this process and returns its exit code. */
    static int run(Console console, String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        Commands.addTo(line, console, args);
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        line.setUsageHelpWidth(Math.max(80, Math.min(120, console.width())));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((error, arguments) -> usage(console, error));
        line.setExecutionExceptionHandler((error, command, result) -> failed(console, error, main.debug));
        line.setExecutionStrategy(Main::execute);
        int code = execute(console, line, hyphenated(args));
        Optional<IOException> lost = console.lostResults();
        lost.ifPresent(e -> console.err().println("parlance: results could not be written: " + e.getMessage()));
        return lost.isPresent() ? Command.FAILED : code;
    }

    private static int execute(Console console, CommandLine line, String[] args) {
        try {
            return line.execute(
                    ForeignOptions.translate(line, args, note -> console.err().println("note: " + note)));
        } catch (UserError e) { // commands have a handler for theirs
            console.err().println("parlance: " + e.getMessage());
            return Command.USAGE;
        }
    }

    private static int execute(ParseResult result) {
        if (!result.hasSubcommand() && !result.isUsageHelpRequested() && !result.isVersionHelpRequested()) {
            CommandLine line = result.commandSpec().commandLine();
            line.usage(line.getErr());
            return Command.USAGE;
        }
        return new CommandLine.RunLast().execute(result);
    }

    /** {@code --learning_rate} is accepted for {@code --learning-rate}: training scripts write both. */
    private static String[] hyphenated(String[] args) {
        int end = Arrays.asList(args).indexOf("--");
        String[] result = args.clone();
        for (int i = 0; i < (end < 0 ? args.length : end); i++) {
            int equals = args[i].indexOf('=');
            String name = equals < 0 ? args[i] : args[i].substring(0, equals);
            if (name.matches("--[a-z0-9_-]+")) {
                result[i] = name.replace('_', '-') + args[i].substring(name.length());
            }
        }
        return result;
    }

    private static int usage(Console console, ParameterException error) {
        console.err().println("parlance: " + error.getMessage());
        CommandLine line = error.getCommandLine();
        if (error instanceof UnmatchedArgumentException unmatched) {
            UnmatchedArgumentException.printSuggestions(unmatched, line.getErr());
        }
        console.err().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return Command.USAGE;
    }

    private static int failed(Console console, Exception error, boolean debug) {
        if (error instanceof UserError) {
            console.err().println("parlance: " + error.getMessage());
            if (debug) {
                error.printStackTrace(console.err());
            }
            return Command.USAGE;
        }
        error.printStackTrace(console.err());
        console.err()
                .println("parlance: this should not happen; please report it with the lines above"
                        + " and what 'parlance doctor' says");
        return Command.FAILED;
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "parlance " + (version == null ? "(not packaged)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("java.vendor")
            };
        }
    }
}
