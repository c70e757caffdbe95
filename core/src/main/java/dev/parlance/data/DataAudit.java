package dev.parlance.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What to know of a data set before training on it. A value of plain records, so that Jackson writes it as it is; holds
 * counts, line numbers and labels, never a text.
 *
 * @param parts one audit for each part
 * @param leaks texts of one part that stand in another one too
 * @param similarLabels groups of labels that differ only in case, width, spaces, underscores or hyphens
 * @param findings what concerns more than one part
 */
public record DataAudit(List<Part> parts, List<Leak> leaks, List<List<String>> similarLabels, List<Finding> findings) {
    /** Characters below which a text is called very short. */
    public static final int VERY_SHORT_CHARS = 3;

    /** Share of a label's rows whose text holds the label's name, from which the name gives the answer away. */
    public static final double GIVEAWAY_SHARE = 0.2;

    public DataAudit {
        parts = List.copyOf(parts);
        leaks = List.copyOf(leaks);
        similarLabels = List.copyOf(similarLabels);
        findings = List.copyOf(findings);
    }

    /**
     * Audits the parts of a run and what leaks between them.
     *
     * @param tokens length of a text in tokens
     * @param maxLength length in tokens from which the model cuts
     */
    public static DataAudit of(Splits splits, ToIntFunction<String> tokens, int maxLength) {
        return of(splits.parts(), splits.findings(), tokens, maxLength);
    }

    /** Audits one file. */
    public static DataAudit of(Dataset data, ToIntFunction<String> tokens, int maxLength) {
        return of(List.of(data), List.of(), tokens, maxLength);
    }

    private static DataAudit of(
            List<Dataset> parts, List<Finding> findings, ToIntFunction<String> tokens, int maxLength) {
        List<PartAuditor> auditors = new ArrayList<>();
        Set<String> labels = new TreeSet<>();
        for (Dataset part : parts) {
            auditors.add(PartAuditor.of(part, tokens, maxLength));
            labels.addAll(part.labels());
        }
        List<Leak> leaks = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (int j = i + 1; j < parts.size(); j++) {
                leaks.add(auditors.get(i).leaksInto(auditors.get(j)));
            }
        }
        return new DataAudit(
                auditors.stream().map(PartAuditor::result).toList(),
                leaks.stream().filter(leak -> leak.count() > 0).toList(),
                Dataset.similarLabels(List.copyOf(labels)),
                findings);
    }

    /**
     * The audit of one part.
     *
     * @param name {@code train}, {@code validation}, {@code test} or the file's name
     * @param file where it was read from
     * @param columns which columns were read
     * @param rows usable rows
     * @param labels rows by label, most frequent first
     * @param imbalance rows of the most frequent label for each row of the rarest one, at least 1
     * @param chars lengths in Java chars
     * @param tokens lengths in tokens, both texts of a pair together
     * @param cutShare share of the rows with more tokens than the model takes
     * @param exactDuplicates rows whose text stood before, letter by letter
     * @param normalizedDuplicates rows whose text stood before if case, spaces, punctuation and width are ignored; these
     *     include the exact ones
     * @param conflicts rows whose text stood before with another label
     * @param veryShort rows of fewer than {@link #VERY_SHORT_CHARS} letters or digits that are no Han characters
     * @param languages share of the rows by language: {@code en}, {@code zh}, {@code other}
     * @param suspiciousEncoding rows with U+FFFD or what UTF-8 looks like when it was decoded as something else
     * @param giveaways labels whose name stands in the texts of more than {@link #GIVEAWAY_SHARE} of their rows
     * @param findings what was decided and counted while the file was read
     */
    public record Part(
            String name,
            DataFile file,
            Columns columns,
            int rows,
            Map<String, Integer> labels,
            double imbalance,
            Lengths chars,
            Lengths tokens,
            double cutShare,
            Repeats exactDuplicates,
            Repeats normalizedDuplicates,
            Conflicts conflicts,
            Rows veryShort,
            Map<String, Double> languages,
            Rows suspiciousEncoding,
            List<Giveaway> giveaways,
            List<Finding> findings) {}

    /**
     * A distribution of lengths.
     *
     * @param min the shortest
     * @param median half of the rows are at most as long
     * @param p95 95 in 100 rows are at most as long
     * @param max the longest
     */
    public record Lengths(int min, int median, int p95, int max) {
        /** By nearest rank; at least one length is needed. */
        static Lengths of(int[] lengths) {
            int[] sorted = lengths.clone();
            Arrays.sort(sorted);
            return new Lengths(sorted[0], rank(sorted, 0.5), rank(sorted, 0.95), sorted[sorted.length - 1]);
        }

        private static int rank(int[] sorted, double share) {
            return sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    /**
     * How many rows have a property, and the first few of them.
     *
     * @param count number of rows
     * @param lines first physical lines, from 1
     */
    public record Rows(int count, List<Long> lines) {}

    /**
     * Rows that repeat earlier ones.
     *
     * @param count rows that repeat one, the first of each kind not counted
     * @param samples the first few
     */
    public record Repeats(int count, List<Pair> samples) {}

    /**
     * Two lines with the same text.
     *
     * @param first line on which it stood first
     * @param again line on which it stands again
     */
    public record Pair(long first, long again) {}

    /**
     * Rows that contradict earlier ones.
     *
     * @param count rows whose text stood before with another label
     * @param samples the first few
     */
    public record Conflicts(int count, List<Conflict> samples) {}

    /**
     * One text with two labels.
     *
     * @param first line on which it stood first
     * @param firstLabel its label there
     * @param again line on which it stands again
     * @param otherLabel its label there
     */
    public record Conflict(long first, String firstLabel, long again, String otherLabel) {}

    /**
     * Texts of one part in another, compared without case, spaces, punctuation and width.
     *
     * @param from the part in which the texts stand, for example {@code train}
     * @param into the part that they leak into, for example {@code test}
     * @param count rows of {@code into} whose text stands in {@code from}
     * @param share of the rows of {@code into}
     * @param samples first lines in {@code from} and {@code into}
     */
    public record Leak(String from, String into, int count, double share, List<Pair> samples) {}

    /**
     * A label whose name stands in its texts.
     *
     * @param label the label
     * @param share of its rows whose text holds the name
     */
    public record Giveaway(String label, double share) {}

    /** The audit of a part by its name, or null. */
    public @Nullable Part part(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
