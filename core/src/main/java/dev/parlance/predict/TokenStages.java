package dev.parlance.predict;

import dev.parlance.data.Example;
import dev.parlance.task.Logits;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A network over tokens. */
final class TokenStages implements Stages<Encoding> {
    private static final long CHARS_PER_TOKEN = 6;
    private static final float[] NO_LOGITS = {};

    private final Tokenizer tokenizer;
    private final Task task;
    private final Model model;

    /** Owns the tokenizer and the model. */
    TokenStages(Tokenizer tokenizer, Task task, Model model) {
        this.tokenizer = tokenizer;
        this.task = task;
        this.model = model;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public int seenChars() {
        return (int) Math.min(1_000_000, CHARS_PER_TOKEN * tokenizer.maxLength());
    }

    @Override
    public List<Encoding> encode(List<Example> examples) {
        return tokenizer.encodeAll(examples);
    }

    @Override
    public int length(Encoding encoding) {
        return encoding.length();
    }

    @Override
    public int truncatedTokens(Encoding encoding) {
        return encoding.truncatedTokens();
    }

    @Override
    public List<Prediction> run(List<Example> examples, List<Encoding> encodings) {
        Prediction[] predictions = new Prediction[encodings.size()];
        List<List<Integer>> batches = LengthBatches.of(encodings);
        for (List<Integer> rows : batches) {
            if (rows != batches.get(0) && Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted between two batches");
            }
            List<Encoding> batch = rows.stream().map(encodings::get).toList();
            Logits logits = model.forward(Batch.of(batch, tokenizer.padTokenId()));
            for (int i = 0; i < rows.size(); i++) {
                Encoding encoding = batch.get(i);
                float[] row = logits.row(i);
                predictions[rows.get(i)] = new Prediction(
                        examples.get(rows.get(i)),
                        task.decode(row, encoding),
                        task.labels().isEmpty() ? NO_LOGITS : row,
                        encoding.truncatedTokens());
            }
        }
        return new ArrayList<>(Arrays.asList(predictions));
    }

    @Override
    public void close() {
        try (tokenizer) {
            model.close();
        }
    }
}
