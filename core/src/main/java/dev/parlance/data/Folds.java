package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The folds of a cross-validation: each row is in one fold, and no group of rows is in two. A group is what has one value in
 * a column, or else what has the same text (case, spaces and punctuation ignored). Folds are alike in size and labels.
 *
 * @param data the rows
 * @param fold the fold of each row, from 0; not copied, treat as read-only
 * @param count number of folds
 * @param group the group of each row; rows of one group have the same number
 * @param seed what the folds were drawn by
 * @param findings what may harm, such as labels with fewer groups than folds
 */
public record Folds(Dataset data, int[] fold, int count, int[] group, long seed, List<Finding> findings) {
    /** Most folds; more would be leaving one out, which nobody fine-tunes for. */
    public static final int MAX_FOLDS = 100;

    public Folds {
        findings = List.copyOf(findings);
    }

    /**
     * Draws folds by the texts: rows with the same text are in one fold.
     *
     * @param count from 2 to {@value #MAX_FOLDS}
     * @throws UserError if there are too few different texts
     */
    public static Folds byText(Dataset data, int count, long seed) {
        return of(data, numbered(texts(data)), count, seed, List.of(), "different texts");
    }

    /**
     * Draws folds by a column of the file: rows with the same value are in one fold. Rows without a value are grouped by
     * their text.
     *
     * @param config how {@code data} was read
     * @param column name or index of the column
     * @throws UserError if there is no such column or it has too few different values
     */
    public static Folds byColumn(Dataset data, DataConfig config, String column, int count, long seed) {
        Map<Long, String> values = columnByLine(data, config, column);
        List<String> texts = texts(data);
        List<String> keys = new ArrayList<>(data.size());
        Findings findings = new Findings();
        for (int row = 0; row < data.size(); row++) {
            long line = data.lines()[row];
            String value = values.get(line);
            if (value == null) {
                findings.count(
                        "rows_without_group", "row without a value in '" + column + "', grouped by its text", line);
            }
            keys.add(value == null ? "text " + texts.get(row) : "value " + value);
        }
        return of(data, numbered(keys), count, seed, findings.toList(), "different values in '" + column + "'");
    }

    /** The rows of one fold, ascending: what is measured when the others are trained on. */
    public int[] heldOut(int index) {
        return IntStream.range(0, fold.length).filter(row -> fold[row] == index).toArray();
    }

    /**
     * The parts of one round: the fold to test on, and the others shared between training and validation by the same rules.
     * A label whose groups would all be in validation stays in training.
     *
     * @param index the fold to test on
     * @param validationFraction share of the other rows, more than 0 and less than 1
     */
    public Splits round(int index, double validationFraction) {
        int[] rest = IntStream.range(0, fold.length)
                .filter(row -> fold[row] != index)
                .toArray();
        int parts = Math.max(2, (int) Math.round(1 / validationFraction));
        int[] inner = assign(data, rest, group, parts, seed + 1 + index);
        keepLabelsInTraining(rest, inner);
        int[] train = pick(rest, inner, false);
        int[] validation = pick(rest, inner, true);
        if (validation.length == 0 || train.length == 0) {
            throw new UserError(data.file().name() + " has " + data.size() + " usable rows in " + groups(rest)
                    + " groups, too few to split off a validation part in each fold; add rows or take fewer folds");
        }
        return new Splits(
                data.part("train", train, List.of()),
                data.part("validation", validation, List.of()),
                data.part("test", heldOut(index), List.of()),
                List.of());
    }

    private static Folds of(
            Dataset data, int[] group, int count, long seed, List<Finding> findings, String whatGroupsAre) {
        if (count < 2 || count > MAX_FOLDS) {
            throw new UserError("the number of folds is " + count + ", expected one from 2 to " + MAX_FOLDS);
        }
        int groups = Arrays.stream(group).max().orElse(-1) + 1;
        if (groups < count) {
            throw new UserError(data.file().name() + " has " + groups + " " + whatGroupsAre + ", too few for " + count
                    + " folds; take at most " + groups + " folds or add rows");
        }
        int[] all = IntStream.range(0, data.size()).toArray();
        List<Finding> more = new ArrayList<>(findings);
        more.addAll(rareLabels(data, group, count));
        return new Folds(data, assign(data, all, group, count, seed), count, group, seed, more);
    }

    private static int[] assign(Dataset data, int[] rows, int[] group, int count, long seed) {
        List<String> labels = data.labels();
        Map<String, Integer> indices = new HashMap<>();
        labels.forEach(label -> indices.put(label, indices.size()));
        FoldAssignment assignment = new FoldAssignment(count, labels.size());
        for (int row : rows) {
            assignment.add(
                    group[row], indices.getOrDefault(data.examples().get(row).goldLabel(), -1));
        }
        Map<Integer, Integer> folds = assignment.draw(seed);
        return Arrays.stream(rows)
                .map(row -> folds.getOrDefault(group[row], -1))
                .toArray();
    }

    /** The inner fold 0 is the validation part; rows whose label training would lack go back, with their groups. */
    private void keepLabelsInTraining(int[] rest, int[] inner) {
        TreeMap<String, List<Integer>> byLabel = new TreeMap<>();
        for (int i = 0; i < rest.length; i++) {
            byLabel.computeIfAbsent(data.examples().get(rest[i]).goldLabel(), k -> new ArrayList<>())
                    .add(i);
        }
        for (List<Integer> members : byLabel.values()) {
            if (members.stream().allMatch(i -> inner[i] == 0)) {
                List<Integer> back =
                        members.stream().map(i -> group[rest[i]]).distinct().toList();
                IntStream.range(0, rest.length)
                        .filter(i -> back.contains(group[rest[i]]))
                        .forEach(i -> inner[i] = 1);
            }
        }
    }

    private static int[] pick(int[] rest, int[] inner, boolean validation) {
        return IntStream.range(0, rest.length)
                .filter(i -> (inner[i] == 0) == validation)
                .map(i -> rest[i])
                .toArray();
    }

    private long groups(int[] rows) {
        return Arrays.stream(rows).map(row -> group[row]).distinct().count();
    }

    private static List<Finding> rareLabels(Dataset data, int[] group, int count) {
        Map<String, Map<Integer, Integer>> groupsByLabel = new TreeMap<>();
        for (int row = 0; row < data.size(); row++) {
            groupsByLabel
                    .computeIfAbsent(data.examples().get(row).goldLabel(), k -> new HashMap<>())
                    .merge(group[row], 1, Integer::sum);
        }
        List<String> rare = groupsByLabel.entrySet().stream()
                .filter(label -> label.getValue().size() < count)
                .map(Map.Entry::getKey)
                .toList();
        if (rare.isEmpty()) {
            return List.of();
        }
        return List.of(new Finding(
                "labels_rarer_than_folds",
                true,
                "label with fewer groups than folds, so that some folds have none of it: "
                        + String.join(", ", rare.subList(0, Math.min(10, rare.size())))
                        + (rare.size() > 10 ? ", ..." : ""),
                rare.size(),
                List.of()));
    }

    private static List<String> texts(Dataset data) {
        return data.examples().stream()
                .map(StratifiedSplit::key)
                .map(key -> Long.toHexString(key))
                .toList();
    }

    private static int[] numbered(List<String> keys) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        return keys.stream()
                .mapToInt(key -> numbers.computeIfAbsent(key, k -> numbers.size()))
                .toArray();
    }

    /** Reads the file once more, with the column in place of the label. */
    private static Map<Long, String> columnByLine(Dataset data, DataConfig config, String column) {
        Columns columns = data.columns();
        if (columns.label() != null && columns.label().option().equals(column)) {
            throw new UserError("the group column is " + columns.label()
                    + ", which is the label; expected another column, since a label cannot be held out");
        }
        DataConfig grouped = config.withColumns(
                columns.text().option(),
                columns.textPair() == null ? null : columns.textPair().option(),
                column);
        Map<Long, String> values = new HashMap<>();
        try (ExampleReader reader =
                ExampleReader.open(grouped, Path.of(data.file().name()))) {
            for (Row row : reader) {
                if (row.example().gold() != null) {
                    values.put(row.line(), row.example().goldLabel());
                }
            }
        }
        return values;
    }
}
