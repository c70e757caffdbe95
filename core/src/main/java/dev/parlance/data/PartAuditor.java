package dev.parlance.data;

import dev.parlance.data.DataAudit.Conflict;
import dev.parlance.data.DataAudit.Conflicts;
import dev.parlance.data.DataAudit.Giveaway;
import dev.parlance.data.DataAudit.Leak;
import dev.parlance.data.DataAudit.Lengths;
import dev.parlance.data.DataAudit.Pair;
import dev.parlance.data.DataAudit.Part;
import dev.parlance.data.DataAudit.Repeats;
import dev.parlance.data.DataAudit.Rows;
import dev.parlance.text.Language;
import dev.parlance.text.TextKey;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Audits one part in one pass; keeps a hash a row, so that later parts can be compared with it. */
final class PartAuditor {
    private static final int SAMPLES = 5;

    /** Second and third bytes of a UTF-8 sequence as windows-1252 shows them. */
    private static final String CONTINUATION =
            "[\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC"
                    + "\u2013-\u2026\u2030\u2039\u203A\u20AC\u2122]";

    /**
     * What accented letters, curly quotes and two or more Han characters become when their UTF-8 bytes are read as
     * windows-1252, and what U+FFFD becomes when its bytes are read as GBK.
     */
    private static final Pattern MOJIBAKE = Pattern.compile("\uFFFD|[\u00C2\u00C3][\u0080-\u00BF]|\u00E2\u20AC"
            + CONTINUATION + "|(?:[\u00E4-\u00E9]" + CONTINUATION + "{2}){2}|\u951F\u65A4\u62F7");

    private final Dataset data;
    private final long[] keys;
    private final LineIndex normalized = new LineIndex();
    private final Part result;

    private PartAuditor(Dataset data, ToIntFunction<String> tokens, int maxLength) {
        this.data = data;
        this.keys = new long[data.size()];
        for (int row = 0; row < keys.length; row++) {
            String pair = pair(row);
            keys[row] = key(TextKey.normalized(text(row)), pair == null ? null : TextKey.normalized(pair));
        }
        this.result = audit(tokens, maxLength);
    }

    static PartAuditor of(Dataset data, ToIntFunction<String> tokens, int maxLength) {
        return new PartAuditor(data, tokens, maxLength);
    }

    Part result() {
        return result;
    }

    /** Rows of {@code other} whose text stands here. */
    Leak leaksInto(PartAuditor other) {
        int count = 0;
        List<Pair> samples = new ArrayList<>();
        for (int row = 0; row < other.keys.length; row++) {
            int first = normalized.get(other.keys[row]);
            if (first >= 0) {
                count++;
                sample(samples, new Pair(data.lines()[first], other.data.lines()[row]));
            }
        }
        return new Leak(data.name(), other.data.name(), count, (double) count / other.data.size(), samples);
    }

    private Part audit(ToIntFunction<String> tokens, int maxLength) {
        int rows = data.size();
        int[] chars =
                IntStream.range(0, rows).map(row -> length(row, String::length)).toArray();
        int[] lengths = IntStream.range(0, rows).map(row -> length(row, tokens)).toArray();
        Map<String, Integer> labels = byCount(data.labelCounts());
        return new Part(
                data.name(),
                data.file(),
                data.columns(),
                rows,
                labels,
                (double) Collections.max(labels.values()) / Collections.min(labels.values()),
                Lengths.of(chars),
                Lengths.of(lengths),
                (double) Arrays.stream(lengths)
                                .filter(length -> length > maxLength)
                                .count()
                        / rows,
                exactDuplicates(),
                normalizedDuplicates(),
                conflicts(),
                rows(this::isVeryShort),
                languages(),
                rows(row -> MOJIBAKE.matcher(text(row)).find()),
                giveaways(),
                data.findings());
    }

    private Repeats exactDuplicates() {
        LineIndex exact = new LineIndex();
        return repeats(row -> exact.putIfAbsent(key(text(row), pair(row)), row));
    }

    private Repeats normalizedDuplicates() {
        return repeats(row -> normalized.putIfAbsent(keys[row], row));
    }

    private Repeats repeats(java.util.function.IntUnaryOperator firstRow) {
        int count = 0;
        List<Pair> samples = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            int first = firstRow.applyAsInt(row);
            if (first != row) {
                count++;
                sample(samples, new Pair(data.lines()[first], data.lines()[row]));
            }
        }
        return new Repeats(count, samples);
    }

    private Conflicts conflicts() {
        int count = 0;
        List<Conflict> samples = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            int first = normalized.get(keys[row]);
            if (!label(first).equals(label(row))) {
                count++;
                sample(samples, new Conflict(data.lines()[first], label(first), data.lines()[row], label(row)));
            }
        }
        return new Conflicts(count, samples);
    }

    private Rows rows(IntPredicate property) {
        int count = 0;
        List<Long> lines = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            if (property.test(row)) {
                count++;
                sample(lines, data.lines()[row]);
            }
        }
        return new Rows(count, lines);
    }

    /** One Han character can be a word; two Latin letters hardly say anything. */
    private boolean isVeryShort(int row) {
        String text = text(row);
        return text.codePoints()
                                .filter(Character::isLetterOrDigit)
                                .limit(DataAudit.VERY_SHORT_CHARS)
                                .count()
                        < DataAudit.VERY_SHORT_CHARS
                && text.codePoints().noneMatch(c -> UnicodeScript.of(c) == UnicodeScript.HAN);
    }

    private Map<String, Double> languages() {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Language language : Language.values()) {
            shares.put(language.code(), 0.0);
        }
        for (int row = 0; row < data.size(); row++) {
            shares.merge(Language.of(text(row)).code(), 1.0, Double::sum);
        }
        shares.replaceAll((language, count) -> count / data.size());
        return shares;
    }

    /** Names of one or two letters or digits stand in texts by chance and are not looked for. */
    private List<Giveaway> giveaways() {
        Map<String, Integer> holding = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        data.labels().forEach(label -> names.put(label, TextKey.normalized(label)));
        for (int row = 0; row < data.size(); row++) {
            String name = names.getOrDefault(label(row), "");
            boolean han = name.codePoints().anyMatch(c -> UnicodeScript.of(c) == UnicodeScript.HAN);
            if (name.length() >= (han ? 2 : 3) && TextKey.normalized(text(row)).contains(name)) {
                holding.merge(label(row), 1, Integer::sum);
            }
        }
        Map<String, Integer> counts = data.labelCounts();
        return holding.entrySet().stream()
                .map(entry -> new Giveaway(
                        entry.getKey(), (double) entry.getValue() / counts.getOrDefault(entry.getKey(), 1)))
                .filter(giveaway -> giveaway.share() > DataAudit.GIVEAWAY_SHARE)
                .toList();
    }

    private static Map<String, Integer> byCount(Map<String, Integer> counts) {
        Map<String, Integer> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static <T> void sample(List<T> samples, T one) {
        if (samples.size() < SAMPLES) {
            samples.add(one);
        }
    }

    private int length(int row, ToIntFunction<String> measure) {
        String pair = pair(row);
        return measure.applyAsInt(text(row)) + (pair == null ? 0 : measure.applyAsInt(pair));
    }

    private static long key(String text, @Nullable String pair) {
        return TextKey.hash(pair == null ? text : text + "\n" + pair);
    }

    private String text(int row) {
        return data.examples().get(row).text();
    }

    private @Nullable String pair(int row) {
        return data.examples().get(row).textPair();
    }

    private String label(int row) {
        return data.examples().get(row).goldLabel();
    }
}
