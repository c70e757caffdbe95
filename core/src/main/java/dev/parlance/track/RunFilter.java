package dev.parlance.track;

import dev.parlance.config.UserError;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on runs such as {@code status=finished}, {@code learning_rate<=1e-4} or {@code model!=minilm}.
 *
 * @param key a name as {@link RunValues} has it
 * @param operator one of {@code = != < <= > >=}
 * @param value compared as a number where both are numbers; else as a text, in which {@code *} stands for anything and case
 *     does not matter
 */
public record RunFilter(String key, String operator, String value) {
    private static final Pattern FORM = Pattern.compile("(?s)\\s*([^=!<>]+?)\\s*(!=|<=|>=|=|<|>)(.*)");

    /**
     * Reads a condition.
     *
     * @throws UserError if it is none
     */
    public static RunFilter parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new UserError("'" + text
                    + "' is no filter, expected KEY=VALUE such as status=finished; also !=, <, <=," + " > and >=");
        }
        return new RunFilter(
                matcher.group(1), matcher.group(2), matcher.group(3).strip());
    }

    /** The same with the full name of its key. */
    public RunFilter resolve(Collection<Map<String, String>> runs) {
        return new RunFilter(RunValues.resolve(key, runs), operator, value);
    }

    /** Whether a run with these values is meant; one without such a value only by {@code !=}. */
    public boolean matches(Map<String, String> values) {
        String found = values.get(key);
        if (found == null) {
            return operator.equals("!=");
        }
        return switch (operator) {
            case "=" -> equal(found);
            case "!=" -> !equal(found);
            case "<" -> RunValues.compare(found, value) < 0;
            case "<=" -> RunValues.compare(found, value) <= 0;
            case ">" -> RunValues.compare(found, value) > 0;
            default -> RunValues.compare(found, value) >= 0;
        };
    }

    private boolean equal(String found) {
        if (RunValues.number(found).isPresent() && RunValues.number(value).isPresent()) {
            return RunValues.compare(found, value) == 0;
        }
        String pattern = Pattern.quote(value).replace("*", "\\E.*\\Q");
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL)
                .matcher(found)
                .matches();
    }
}
