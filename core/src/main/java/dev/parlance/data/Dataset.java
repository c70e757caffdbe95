package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import dev.parlance.text.TextKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labelled examples of a file or of a part of it, in memory.
 *
 * @param name what the part is called: {@code train}, {@code validation}, {@code test}, or the file's name
 * @param examples in the order of the file; each has a gold label
 * @param lines physical line of each example in its file, from 1
 * @param labels the different gold labels, sorted by their chars
 * @param columns where text and label were found
 * @param findings what was decided, repaired or left out on the way
 * @param file where the examples came from
 */
public record Dataset(
        String name,
        List<Example> examples,
        long[] lines,
        List<String> labels,
        Columns columns,
        List<Finding> findings,
        DataFile file) {
    public Dataset {
        examples = List.copyOf(examples);
        labels = List.copyOf(labels);
        findings = List.copyOf(findings);
        if (examples.size() != lines.length) {
            throw new IllegalArgumentException(lines.length + " lines for " + examples.size() + " examples");
        }
    }

    /** Reads a labelled file whole. {@code data.train} and its neighbours are ignored: {@code file} is what is read. */
    public static Dataset read(DataConfig config, Path file) {
        return read(config, file, file.toString());
    }

    static Dataset read(DataConfig config, Path file, String name) {
        try (ExampleReader reader = ExampleReader.openLabelled(config, file)) {
            List<Example> examples = new ArrayList<>();
            long[] lines = new long[1024];
            Map<String, Long> firstLines = new TreeMap<>();
            for (Row row : reader) {
                refuseTooMany(config, file, examples.size() + 1, row.line());
                lines = examples.size() == lines.length ? Arrays.copyOf(lines, lines.length * 2) : lines;
                lines[examples.size()] = row.line();
                examples.add(row.example());
                firstLines.putIfAbsent(row.example().goldLabel(), row.line());
                refuseTooManyLabels(config, file, reader.columns(), firstLines.size(), row.line());
            }
            refuseEmpty(file, examples, reader.findings());
            DataFile source = reader.finish();
            List<Finding> findings = new ArrayList<>(reader.findings());
            findings.addAll(labelFindings(firstLines));
            return new Dataset(
                    name,
                    examples,
                    Arrays.copyOf(lines, examples.size()),
                    List.copyOf(firstLines.keySet()),
                    reader.columns(),
                    findings,
                    source);
        }
    }

    /** Number of examples. */
    public int size() {
        return examples.size();
    }

    /** How many examples each label has, in the order of {@link #labels}. */
    public Map<String, Integer> labelCounts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Example example : examples) {
            counts.merge(example.goldLabel(), 1, Integer::sum);
        }
        return counts;
    }

    /** The examples at these indices, under another name and with these findings, so that none is told twice. */
    Dataset part(String partName, int[] indices, List<Finding> partFindings) {
        return new Dataset(
                partName,
                Arrays.stream(indices).mapToObj(examples::get).toList(),
                Arrays.stream(indices).mapToLong(i -> lines[i]).toArray(),
                Arrays.stream(indices)
                        .mapToObj(i -> examples.get(i).goldLabel())
                        .distinct()
                        .sorted()
                        .toList(),
                columns,
                partFindings,
                file);
    }

    /** Labels that are the same but for case, width, spaces, underscores and hyphens, in groups of two or more. */
    static List<List<String>> similarLabels(List<String> labels) {
        Map<String, List<String>> groups = new TreeMap<>();
        for (String label : labels) {
            groups.computeIfAbsent(TextKey.label(label), k -> new ArrayList<>()).add(label);
        }
        return groups.values().stream().filter(group -> group.size() > 1).toList();
    }

    private static List<Finding> labelFindings(Map<String, Long> firstLines) {
        List<Finding> findings = new ArrayList<>();
        for (List<String> group : similarLabels(List.copyOf(firstLines.keySet()))) {
            findings.add(new Finding(
                    "similar_labels",
                    true,
                    "labels differ only in case, width, spaces or hyphens: '" + String.join("', '", group)
                            + "'; kept apart",
                    1,
                    group.stream().map(firstLines::get).limit(5).toList()));
        }
        if (firstLines.size() == 1) {
            findings.add(new Finding(
                    "one_label",
                    true,
                    "every row has the label '" + firstLines.keySet().iterator().next() + "'",
                    1,
                    List.of()));
        }
        return findings;
    }

    private static void refuseTooMany(DataConfig config, Path file, int rows, long line) {
        if (rows > config.maxRows()) {
            throw new UserError(
                    file + " line " + line + ": found more than " + config.maxRows()
                            + " rows, expected fewer, since they are held in memory; raise data.max_rows or take a part of the file");
        }
    }

    private static void refuseTooManyLabels(DataConfig config, Path file, Columns columns, int labels, long line) {
        if (labels > config.maxLabels()) {
            throw new UserError(file + " line " + line + ": found more than " + config.maxLabels()
                    + " different labels in " + columns.label()
                    + ", expected fewer; set data.label_column if this is not the label, or raise data.max_labels");
        }
    }

    private static void refuseEmpty(Path file, List<Example> examples, List<Finding> findings) {
        if (examples.isEmpty()) {
            throw new UserError(file + " has no row with a text and a label: "
                    + String.join("; ", findings.stream().map(Finding::toString).toList()));
        }
    }
}
