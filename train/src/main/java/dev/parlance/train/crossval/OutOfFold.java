package dev.parlance.train.crossval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.parlance.config.Json;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Folds;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What was predicted of each row by the one model that had not seen it. */
final class OutOfFold {
    private final Folds folds;
    private final Dataset data;
    private final double[][] probabilities; // [row][label]

    OutOfFold(Folds folds) {
        this.folds = folds;
        this.data = folds.data();
        this.probabilities = new double[data.size()][];
    }

    /** Takes the probabilities of a fold, counted from 0, in the order of {@link Folds#heldOut}. */
    void put(int fold, double[][] ofRows) {
        int[] rows = folds.heldOut(fold);
        for (int i = 0; i < rows.length; i++) {
            probabilities[rows[i]] = ofRows[i];
        }
    }

    List<String> labels() {
        return data.labels();
    }

    double[][] probabilities() {
        return probabilities;
    }

    int[] gold() {
        return data.examples().stream()
                .mapToInt(example -> data.labels().indexOf(example.goldLabel()))
                .toArray();
    }

    /** One object a line: line of the file, fold, text, label, prediction, probabilities. */
    void writeJsonLines(FileChannel channel) throws IOException {
        Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8);
        for (int row = 0; row < data.size(); row++) {
            Example example = data.examples().get(row);
            ObjectNode line = Json.object().put("line", data.lines()[row]).put("fold", folds.fold()[row] + 1);
            line.put("text", example.text());
            if (example.textPair() != null) {
                line.put("text_pair", example.textPair());
            }
            line.put("label", example.goldLabel()).put("predicted", predicted(row));
            ObjectNode scores = line.putObject("probabilities");
            for (int label = 0; label < labels().size(); label++) {
                scores.put(labels().get(label), probabilities[row][label]);
            }
            writer.write(Json.line(line));
            writer.write('\n');
        }
        writer.flush();
    }

    /** The same as CSV, with a column for the probability of each label. */
    void writeCsv(FileChannel channel) throws IOException {
        Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8);
        boolean pairs = data.examples().stream().anyMatch(example -> example.textPair() != null);
        List<String> header = new ArrayList<>(List.of("line", "fold", "text"));
        if (pairs) {
            header.add("text_pair");
        }
        header.addAll(List.of("label", "predicted"));
        labels().forEach(label -> header.add("probability_" + label));
        CsvWriter csv = CsvWriter.builder().build(writer); // not closed: that would close the channel, too
        csv.writeRecord(header);
        for (int row = 0; row < data.size(); row++) {
            Example example = data.examples().get(row);
            List<String> cells = new ArrayList<>(
                    List.of(Long.toString(data.lines()[row]), Integer.toString(folds.fold()[row] + 1), example.text()));
            if (pairs) {
                cells.add(example.textPair() == null ? "" : example.textPair());
            }
            cells.addAll(List.of(example.goldLabel(), predicted(row)));
            Arrays.stream(probabilities[row]).mapToObj(Double::toString).forEach(cells::add);
            csv.writeRecord(cells);
        }
        csv.flush(); // it has a buffer of its own
        writer.flush();
    }

    private String predicted(int row) {
        int best = 0;
        for (int label = 1; label < probabilities[row].length; label++) {
            best = probabilities[row][label] > probabilities[row][best] ? label : best;
        }
        return labels().get(best);
    }
}
