package dev.parlance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands and the Java of a README, as a reader would copy them. */
record Readme(String text) {
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:`|^ {4})\\./parlance ([^`\\n]*)");
    private static final Pattern JAVA = Pattern.compile("(?s)```java\\n(.*?)```");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** Reads a file beside the directory of this module. */
    static Readme read(String name) throws IOException {
        return new Readme(Files.readString(Path.of("").toAbsolutePath().resolveSibling(name)));
    }

    /** The arguments of each {@code ./parlance} command, in the order of the text. */
    List<List<String>> commands() {
        return COMMAND.matcher(text)
                .results()
                .map(match -> words(match.group(1).replaceFirst("\\s+#.*", "")))
                .toList();
    }

    /** The first block of Java. */
    String java() {
        Matcher matcher = JAVA.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("the README has no block of Java");
        }
        return matcher.group(1);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (MatchResult match : WORD.matcher(line).results().toList()) {
            words.add(match.group(1) == null ? match.group(2) : match.group(1));
        }
        return words;
    }
}
