package dev.parlance.predict;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.task.Logits;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * Text in, annotations out: a tokenizer, a model and a task that belong together. Answers come in the order of the texts,
 * whatever batches they ran in. An interrupt ends a call between two batches with a {@link CancellationException} and
 * stays set. Safe for concurrent use; a batch uses all cores, so threads add little throughput.
 */
public final class Pipeline implements AutoCloseable {
    private static final long CHARS_PER_TOKEN = 6;

    private final Tokenizer tokenizer;
    private final Task task;
    private final Model model;

    /** Puts parts together; the pipeline closes them. */
    public Pipeline(Tokenizer tokenizer, Task task, Model model) {
        this.tokenizer = tokenizer;
        this.task = task;
        this.model = model;
    }

    /** Opens the directory of a trained model. */
    public static Pipeline load(Path directory) {
        return load(directory, OnnxOptions.defaults());
    }

    /**
     * Opens the directory of a trained model.
     *
     * @throws UserError if a file is missing or malformed, or the tokenizer has ids that the model has not
     */
    public static Pipeline load(Path directory, OnnxOptions options) {
        ModelBundle bundle = ModelBundle.open(directory);
        Path onnx = bundle.onnxFile();
        Tokenizer tokenizer = Tokenizer.load(directory, bundle.maxLength());
        try {
            int known = bundle.config().path("vocab_size").asInt(Integer.MAX_VALUE);
            if (tokenizer.vocabularySize() > known) {
                throw new UserError(directory + " has a tokenizer with " + tokenizer.vocabularySize()
                        + " ids, but config.json has vocab_size " + known
                        + "; expected the tokenizer that the model was trained with");
            }
            return new Pipeline(tokenizer, bundle.task(), OnnxModel.load(onnx, options));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The answer for one text. */
    public Annotation predict(String text) {
        return predict(List.of(text)).get(0);
    }

    /** The answers for texts that fit in memory. */
    public List<Annotation> predict(List<String> texts) {
        return predictExamples(texts.stream().map(Example::of).toList()).stream()
                .map(Prediction::annotation)
                .toList();
    }

    /** The answers for examples, or pairs, that fit in memory. */
    public List<Prediction> predictExamples(List<Example> examples) {
        return run(examples, tokenizer.encodeAll(examples));
    }

    /**
     * The answers for any number of examples, in constant memory: at most a few thousand are held at a time. Another thread
     * reads and tokenizes ahead, so the stream of examples must not be used elsewhere. Its failures, and those of the model,
     * come out of the returned stream's operations.
     *
     * @return a sequential stream to be closed, which closes {@code examples} and ends the thread
     */
    public Stream<Prediction> predictAll(Stream<Example> examples) {
        int seenChars = (int) Math.min(1_000_000, CHARS_PER_TOKEN * tokenizer.maxLength());
        return new PredictionStream(examples, seenChars, tokenizer::encodeAll, this::run).stream();
    }

    /** The task that the model was trained for. */
    public Task task() {
        return task;
    }

    /** The model's tokenizer. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        try (tokenizer) {
            model.close();
        }
    }

    private List<Prediction> run(List<Example> examples, List<Encoding> encodings) {
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
                Annotation annotation = task.decode(logits.row(i), encoding);
                predictions[rows.get(i)] =
                        new Prediction(examples.get(rows.get(i)), annotation, encoding.truncatedTokens());
            }
        }
        return new ArrayList<>(Arrays.asList(predictions));
    }
}
