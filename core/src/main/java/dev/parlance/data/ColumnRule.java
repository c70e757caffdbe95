package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import dev.parlance.data.Columns.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chooses the columns: those asked for, else by common names, else by what the first rows hold. */
final class ColumnRule {
    private final String file;
    private final List<@Nullable String> names;
    private final List<RawRow> rows;
    private final List<String> how = new ArrayList<>();

    /**
     * @param names names of all columns; null for each in a file without header
     * @param rows the first rows, without the header
     */
    ColumnRule(String file, List<@Nullable String> names, List<RawRow> rows) {
        this.file = file;
        this.names = names;
        this.rows = rows;
    }

    /** @param labelNeeded whether a missing label column is an error; if not, it is not guessed from content either */
    Columns choose(DataConfig config, boolean labelNeeded) {
        Column text = asked("text", "data.text_column", config.textColumn());
        Column pair = asked("text pair", "data.text_pair_column", config.textPairColumn());
        Column label = asked("label", "data.label_column", config.labelColumn());
        if (text == null && pair == null) {
            List<Column> both = namedPair();
            if (both.size() == 2) {
                text = both.get(0);
                pair = both.get(1);
            }
        }
        if (text == null) {
            text = text(label, pair);
        }
        if (label == null) {
            label = label(text, pair, labelNeeded);
        }
        refuseSame(text, pair, label);
        return new Columns(text, pair, label, how);
    }

    private @Nullable Column asked(String role, String setting, @Nullable String value) {
        if (value == null) {
            return null;
        }
        Column column = asked(setting, value);
        how.add(role + " " + column + " as set");
        return column;
    }

    private Column asked(String setting, String value) {
        List<Integer> named = indices(i -> value.equals(names.get(i)) ? 1 : 0);
        if (named.isEmpty()) {
            named = indices(i -> ColumnNames.fold(value).equals(folded(i)) ? 1 : 0);
        }
        if (named.size() > 1) {
            throw new UserError(file + ": found " + named.size() + " columns named '" + value + "' (columns "
                    + named.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + "), expected one; set " + setting + " to an index");
        }
        if (named.size() == 1) {
            return column(named.get(0));
        }
        if (value.matches("\\d{1,9}")) {
            if (Integer.parseInt(value) < names.size()) {
                return column(Integer.parseInt(value));
            }
            throw new UserError(file + ": " + setting + " is " + value + ", but the file has the columns 0 to "
                    + (names.size() - 1) + " (" + list() + ")");
        }
        List<String> known = ColumnNames.present(names);
        throw new UserError(file + ": found no column '" + value + "', expected one of " + list()
                + Spelling.nearest(value, known)
                        .map(name -> "; did you mean '" + name + "'?")
                        .orElse("; set " + setting));
    }

    private List<Column> namedPair() {
        for (List<String> pair : ColumnNames.PAIRS) {
            List<Integer> found = pair.stream()
                    .flatMap(name -> indices(i -> name.equals(folded(i)) ? 1 : 0).stream()
                            .limit(1))
                    .toList();
            if (found.size() == 2) {
                how.add("text pair " + column(found.get(0)) + " and " + column(found.get(1)) + " by their names");
                return found.stream().map(this::column).toList();
            }
        }
        return List.of();
    }

    private Column text(@Nullable Column label, @Nullable Column pair) {
        List<Integer> named = ranked(ColumnNames.TEXT, label, pair);
        if (!named.isEmpty()) {
            return tell("text", column(named.get(0)), "by its name", named, "data.text_column");
        }
        int best = free(label, pair)
                .filter(i -> rank(i, ColumnNames.LABEL) >= ColumnNames.LABEL.size())
                .boxed()
                .max(Comparator.comparingDouble(i -> sample(i).textScore()))
                .orElseThrow(() -> new UserError(
                        file + ": found no column left for the text among " + list() + "; set data.text_column"));
        return tell("text", column(best), "since its values are the longest and most varied", List.of(best), "");
    }

    private @Nullable Column label(Column text, @Nullable Column pair, boolean needed) {
        List<Integer> named = ranked(ColumnNames.LABEL, text, pair);
        if (!named.isEmpty()) {
            return tell("label", column(named.get(0)), "by its name", named, "data.label_column");
        }
        if (!needed) {
            return null;
        }
        List<Integer> plausible = free(text, pair)
                .filter(i -> sample(i).looksLikeLabels())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> sample(i).numericShare() == 1)
                        .thenComparing(i -> sample(i).values().size()))
                .toList();
        if (!plausible.isEmpty()) {
            return tell(
                    "label",
                    column(plausible.get(0)),
                    "since it has few values that repeat",
                    plausible,
                    "data.label_column");
        }
        List<Integer> rest = free(text, pair).boxed().toList();
        if (rest.size() == 1) {
            return tell("label", column(rest.get(0)), "since it is the only other one", rest, "");
        }
        throw new UserError(file + ": found no column that looks like labels among " + list()
                + ", expected one with few values that repeat; set data.label_column");
    }

    /** Free columns with a known name, best name first, then in the order of the file. */
    private List<Integer> ranked(List<String> known, @Nullable Column... taken) {
        return free(taken)
                .filter(i -> rank(i, known) < Integer.MAX_VALUE)
                .boxed()
                .sorted(Comparator.comparingInt(i -> rank(i, known)))
                .toList();
    }

    private int rank(int column, List<String> known) {
        String name = names.get(column);
        return name == null ? Integer.MAX_VALUE : ColumnNames.rank(name, known);
    }

    private IntStream free(@Nullable Column... taken) {
        List<Integer> used = new ArrayList<>();
        for (Column column : taken) {
            if (column != null) {
                used.add(column.index());
            }
        }
        return IntStream.range(0, names.size()).filter(i -> !used.contains(i));
    }

    private Column tell(String role, Column chosen, String why, List<Integer> plausible, String setting) {
        long same = names.stream()
                .filter(name -> name != null && name.equals(chosen.name()))
                .count();
        if (same > 1) {
            throw new UserError(file + ": found " + same + " columns named " + chosen + ", expected one for the " + role
                    + "; set data." + role + "_column to an index");
        }
        String others =
                plausible.stream().skip(1).map(i -> column(i).toString()).collect(Collectors.joining(", "));
        how.add(role + " " + chosen + " " + why
                + (others.isEmpty() ? "" : " (also plausible: " + others + "; choose with " + setting + ")"));
        return chosen;
    }

    private void refuseSame(Column text, @Nullable Column pair, @Nullable Column label) {
        if (text.equals(pair) || text.equals(label) || (pair != null && pair.equals(label))) {
            throw new UserError(file + ": the text, the second text and the label must be different columns, found "
                    + text + (pair == null ? "" : ", " + pair) + (label == null ? "" : ", " + label));
        }
    }

    private List<Integer> indices(ToIntFunction<Integer> matches) {
        return IntStream.range(0, names.size())
                .filter(i -> matches.applyAsInt(i) == 1)
                .boxed()
                .toList();
    }

    private @Nullable String folded(int column) {
        String name = names.get(column);
        return name == null ? null : ColumnNames.fold(name);
    }

    private ColumnSample sample(int column) {
        return ColumnSample.of(rows, column);
    }

    private Column column(int index) {
        String name = names.get(index);
        return new Column(name == null || name.isEmpty() ? null : name, index);
    }

    /** The columns as the user can name them. */
    private String list() {
        return IntStream.range(0, Math.min(20, names.size()))
                        .mapToObj(i -> column(i).toString())
                        .collect(Collectors.joining(", "))
                + (names.size() > 20 ? ", ..." : "");
    }
}
