package dev.parlance.cli;

import dev.parlance.data.DataAudit;
import dev.parlance.data.DataAudit.Conflict;
import dev.parlance.data.DataAudit.Giveaway;
import dev.parlance.data.DataAudit.Leak;
import dev.parlance.data.DataAudit.Lengths;
import dev.parlance.data.DataAudit.Pair;
import dev.parlance.data.DataAudit.Part;
import dev.parlance.data.DataAudit.Repeats;
import dev.parlance.data.DataAudit.Rows;
import dev.parlance.data.Finding;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An audit for a person: what there is first, then what to look at. */
final class AuditTable {
    private static final int SHOWN_LABELS = 30;
    private static final double STRONG_IMBALANCE = 10;
    private static final double MANY_CUT = 0.05;

    private final PrintStream out;
    private final DataAudit audit;
    private final @Nullable String tokenizer;
    private final int maxLength;

    AuditTable(Console console, DataAudit audit, @Nullable String tokenizer, int maxLength) {
        this.out = console.out();
        this.audit = audit;
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
    }

    void print() {
        for (Part part : audit.parts()) {
            String file = part.name().equals(part.file().name())
                    ? ""
                    : " (" + part.file().name() + ")";
            out.println(format(
                    "%s%s: %,d rows, %,d labels",
                    part.name(), file, part.rows(), part.labels().size()));
            part.columns().how().forEach(line -> out.println("  " + line));
            out.println();
            labels(part);
            lengths(part);
            out.println("  languages: "
                    + part.languages().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + percent(entry.getValue()))
                            .collect(Collectors.joining(", ")));
            out.println();
            warnings(part);
        }
        between();
    }

    private void labels(Part part) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  label", "rows", "share"));
        part.labels().entrySet().stream()
                .limit(SHOWN_LABELS)
                .forEach(entry -> rows.add(List.of(
                        "  " + entry.getKey(),
                        format("%,d", entry.getValue()),
                        percent((double) entry.getValue() / part.rows()))));
        Table.print(out, rows);
        if (part.labels().size() > SHOWN_LABELS) {
            out.println("  and " + (part.labels().size() - SHOWN_LABELS) + " rarer ones (--json has them all)");
        }
        out.println();
    }

    private void lengths(Part part) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  length", "min", "median", "95 %", "max"));
        rows.add(row("  characters", part.chars()));
        if (tokenizer != null) {
            rows.add(row("  tokens (" + tokenizer + ")", part.tokens()));
        }
        Table.print(out, rows);
        if (tokenizer == null) {
            out.println("  (--model NAME counts tokens, too)");
        }
        out.println();
    }

    private static List<String> row(String name, Lengths lengths) {
        return List.of(
                name,
                format("%,d", lengths.min()),
                format("%,d", lengths.median()),
                format("%,d", lengths.p95()),
                format("%,d", lengths.max()));
    }

    private void warnings(Part part) {
        List<String> found = new ArrayList<>();
        part.findings().stream().filter(Finding::warning).map(Finding::toString).forEach(found::add);
        if (part.imbalance() >= STRONG_IMBALANCE) {
            found.add(format(
                    "the most frequent label has %.0f rows for each row of the rarest; see --class-weights balanced",
                    part.imbalance()));
        }
        if (tokenizer != null && part.cutShare() > MANY_CUT) {
            found.add(percent(part.cutShare()) + " of the texts have more than " + maxLength
                    + " tokens and would be cut; see --max-length");
        }
        repeats(found, part.exactDuplicates(), "repeat an earlier text letter by letter");
        Repeats near = part.normalizedDuplicates();
        if (near.count() > part.exactDuplicates().count()) {
            repeats(found, near, "repeat an earlier text but for case, spaces and punctuation (the former included)");
        }
        if (part.conflicts().count() > 0) {
            Conflict first = part.conflicts().samples().get(0);
            found.add(format(
                    "%,d rows contradict an earlier one with the same text: line %d says '%s', line %d says '%s'",
                    part.conflicts().count(), first.first(), first.firstLabel(), first.again(), first.otherLabel()));
        }
        rows(found, part.veryShort(), "have fewer than " + DataAudit.VERY_SHORT_CHARS + " characters");
        rows(found, part.suspiciousEncoding(), "look as if they had been read in a wrong encoding");
        for (Giveaway giveaway : part.giveaways()) {
            found.add("the name of the label '" + giveaway.label() + "' stands in " + percent(giveaway.share())
                    + " of its texts: the name may give the answer away");
        }
        show(found, "nothing to worry about in " + part.name());
    }

    private void between() {
        List<String> found = new ArrayList<>();
        audit.findings().stream()
                .filter(Finding::warning)
                .map(Finding::toString)
                .forEach(found::add);
        for (Leak leak : audit.leaks()) {
            Pair first = leak.samples().get(0);
            found.add(format(
                    "%,d rows of %s (%s) stand in %s as well, which flatters the scores: line %d is line %d there",
                    leak.count(), leak.into(), percent(leak.share()), leak.from(), first.again(), first.first()));
        }
        if (audit.parts().size() > 1) {
            for (List<String> group : audit.similarLabels()) {
                found.add("labels differ only in case, spaces or hyphens: '" + String.join("', '", group) + "'");
            }
            show(found, "no leaks between the parts");
        }
    }

    private static void repeats(List<String> found, Repeats repeats, String what) {
        if (repeats.count() > 0) {
            Pair first = repeats.samples().get(0);
            found.add(format("%,d rows %s: line %d is line %d", repeats.count(), what, first.again(), first.first()));
        }
    }

    private static void rows(List<String> found, Rows rows, String what) {
        if (rows.count() > 0) {
            String lines = rows.lines().stream().map(String::valueOf).collect(Collectors.joining(", "));
            found.add(format("%,d rows %s: lines %s", rows.count(), what, lines));
        }
    }

    private void show(List<String> found, String otherwise) {
        if (found.isEmpty()) {
            out.println("  ok: " + otherwise);
        }
        found.forEach(line -> out.println("  warning: " + line));
        out.println();
    }

    private static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
