package dev.parlance.cli;

import dev.parlance.train.search.Importance;
import dev.parlance.train.search.Objective;
import dev.parlance.train.search.Parameter;
import dev.parlance.train.search.SearchResult;
import dev.parlance.train.search.SearchSpace;
import dev.parlance.train.search.Trial;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What came of a search: its trials, the best first, and what mattered. */
final class SearchTables {
    private static final int SHOWN = 30;

    private final PrintStream out;
    private final SearchResult result;
    private final SearchSpace space;

    SearchTables(PrintStream out, SearchResult result, SearchSpace space) {
        this.out = out;
        this.result = result;
        this.space = space;
    }

    void print() {
        List<Trial> ranked = ranked();
        out.println(count(ranked.size(), "trial") + " in " + ProgressLine.time(result.seconds()) + ", " + result.ended()
                + "; scores on the validation data");
        out.println();
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("TRIAL", "STATUS", result.metric(), "EPOCHS", "TIME"));
        space.parameters().forEach(parameter -> header.add(shortName(parameter.name())));
        rows.add(header);
        ranked.stream().limit(SHOWN).forEach(trial -> rows.add(row(trial)));
        Table.print(out, rows);
        if (ranked.size() > SHOWN) {
            out.println("and " + (ranked.size() - SHOWN) + " more in "
                    + result.directory().resolve("trials.jsonl"));
        }
        out.println();
        printImportance(ranked);
    }

    private List<Trial> ranked() {
        double sign = new Objective(result.metric()).greaterIsBetter() ? -1 : 1;
        return result.trials().stream()
                .filter(trial -> trial.status() != Trial.Status.STARTED)
                .sorted(Comparator.comparing(Trial::status).thenComparingDouble(trial -> {
                    Double score = trial.score();
                    return score == null ? Double.POSITIVE_INFINITY : sign * score;
                }))
                .toList();
    }

    private List<String> row(Trial trial) {
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(trial.number()),
                trial.status().name().toLowerCase(Locale.ROOT),
                trial.score() == null ? "" : String.format(Locale.ROOT, "%.4f", trial.score()),
                String.format(Locale.ROOT, "%.1f", trial.epochs()),
                ProgressLine.time(trial.seconds())));
        for (Parameter parameter : space.parameters()) {
            row.add(trial.values().getOrDefault(parameter.name(), ""));
        }
        return row;
    }

    private void printImportance(List<Trial> ranked) {
        long finished = ranked.stream()
                .filter(trial -> trial.status() == Trial.Status.COMPLETE)
                .count();
        if (result.importance().isEmpty()) {
            out.println("What mattered: nothing to say by " + count(finished, "finished trial")
                    + (finished < Importance.FEWEST_TRIALS
                            ? ", fewer than " + Importance.FEWEST_TRIALS
                            : " that all scored the same"));
            return;
        }
        out.println("What mattered: share of the differences that each setting explains by itself (fANOVA)"
                + (finished < (long) Importance.ROUGH_BELOW * space.parameters().size()
                        ? "; rough, by " + finished + " finished trials"
                        : ""));
        out.println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SETTING", "SHARE", "+/-"));
        for (Importance importance : result.importance()) {
            rows.add(List.of(
                    importance.name(),
                    String.format(Locale.ROOT, "%.2f", importance.share()),
                    String.format(Locale.ROOT, "%.2f", importance.deviation())));
        }
        Table.print(out, rows);
    }

    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
