package dev.parlance.predict;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.linear.TfIdf;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * Text in, annotations out: a tokenizer or vocabulary, a model and a task that belong together. Answers come in the order of
 * the texts, whatever batches they ran in. An interrupt ends a call between two batches with a {@link CancellationException}
 * and stays set. Safe for concurrent use; a batch uses all cores, so threads add little throughput.
 */
public final class Pipeline implements AutoCloseable {
    private final Task task;
    private final Stages<?> stages;

    /** Puts parts together; the pipeline closes them. */
    public Pipeline(Tokenizer tokenizer, Task task, Model model) {
        this(task, new TokenStages(tokenizer, task, model));
    }

    private Pipeline(Task task, Stages<?> stages) {
        this.task = task;
        this.stages = stages;
    }

    /** Opens the directory of a trained model. */
    public static Pipeline load(Path directory) {
        return load(directory, OnnxOptions.defaults());
    }

    /**
     * Opens the directory of a trained model.
     *
     * @throws UserError if a file is missing or malformed, or the tokenizer or vocabulary has ids that the model has not
     */
    public static Pipeline load(Path directory, OnnxOptions options) {
        ModelBundle bundle = ModelBundle.open(directory);
        return new Pipeline(bundle.task(), bundle.isEnsemble() ? ensemble(bundle, options) : single(bundle, options));
    }

    private static Stages<?> single(ModelBundle bundle, OnnxOptions options) {
        Path onnx = bundle.onnxFile();
        return bundle.isLinear() ? linear(bundle, onnx, options) : overTokens(bundle, onnx, options);
    }

    private static Stages<?> ensemble(ModelBundle bundle, OnnxOptions options) {
        List<EnsembleStages.Member<?>> members = new ArrayList<>();
        try {
            for (ModelBundle.Member member : bundle.members()) {
                members.add(new EnsembleStages.Member<>(single(member.bundle(), options), member.weight()));
            }
            return new EnsembleStages(bundle.task(), members);
        } catch (RuntimeException e) {
            members.forEach(member -> member.stages().close());
            throw e;
        }
    }

    private static Stages<?> linear(ModelBundle bundle, Path onnx, OnnxOptions options) {
        TfIdf tfIdf = TfIdf.load(bundle.directory());
        int known = bundle.config().path("num_features").asInt(-1);
        if (tfIdf.size() != known) {
            throw new UserError(bundle.directory() + " has a vocabulary of " + tfIdf.size()
                    + " features, but config.json has num_features " + known
                    + "; expected the vocabulary that the model was trained with");
        }
        OnnxModel model = OnnxModel.loadLinear(onnx, options);
        return new FeatureStages(tfIdf, bundle.task(), model, options.threads());
    }

    private static Stages<?> overTokens(ModelBundle bundle, Path onnx, OnnxOptions options) {
        Path directory = bundle.directory();
        Tokenizer tokenizer = Tokenizer.load(directory, bundle.maxLength());
        try {
            int known = bundle.config().path("vocab_size").asInt(Integer.MAX_VALUE);
            if (tokenizer.vocabularySize() > known) {
                throw new UserError(directory + " has a tokenizer with " + tokenizer.vocabularySize()
                        + " ids, but config.json has vocab_size " + known
                        + "; expected the tokenizer that the model was trained with");
            }
            return new TokenStages(tokenizer, bundle.task(), OnnxModel.load(onnx, options));
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
        return predict(stages, examples);
    }

    /**
     * The answers for any number of examples, in constant memory: at most a few thousand are held at a time. Another thread
     * reads and tokenizes ahead, so the stream of examples must not be used elsewhere. Its failures, and those of the model,
     * come out of the returned stream's operations.
     *
     * @return a sequential stream to be closed, which closes {@code examples} and ends the thread
     */
    public Stream<Prediction> predictAll(Stream<Example> examples) {
        return stream(stages, examples);
    }

    private static <E> List<Prediction> predict(Stages<E> stages, List<Example> examples) {
        return stages.run(examples, stages.encode(examples));
    }

    private static <E> Stream<Prediction> stream(Stages<E> stages, Stream<Example> examples) {
        return new PredictionStream<E>(examples, stages).stream();
    }

    /**
     * Turns examples into what the model takes, without running it; the work of {@link #run} that can be done on other
     * threads.
     */
    public List<Prepared> prepare(List<Example> examples) {
        return prepare(stages, examples);
    }

    /**
     * Runs the model on examples that this pipeline has prepared; in their order. Those of like length together waste least.
     *
     * @param prepared may come from several calls of {@link #prepare}
     */
    public List<Prediction> run(List<Prepared> prepared) {
        return run(stages, prepared);
    }

    private static <E> List<Prepared> prepare(Stages<E> stages, List<Example> examples) {
        List<E> encoded = stages.encode(examples);
        List<Prepared> prepared = new ArrayList<>(examples.size());
        for (int i = 0; i < examples.size(); i++) {
            E own = encoded.get(i);
            prepared.add(new Prepared(examples.get(i), own, stages.length(own), stages.truncatedTokens(own)));
        }
        return prepared;
    }

    @SuppressWarnings("unchecked") // what these stages have encoded
    private static <E> List<Prediction> run(Stages<E> stages, List<Prepared> prepared) {
        List<E> encoded = new ArrayList<>(prepared.size());
        prepared.forEach(one -> encoded.add((E) one.encoded()));
        return stages.run(prepared.stream().map(Prepared::example).toList(), encoded);
    }

    /** The task that the model was trained for. */
    public Task task() {
        return task;
    }

    /**
     * The model's tokenizer.
     *
     * @throws UserError if it is a linear model, which has none, or an ensemble, of which each member may have one
     */
    public Tokenizer tokenizer() {
        if (stages instanceof TokenStages overTokens) {
            return overTokens.tokenizer();
        }
        throw new UserError("a linear model or an ensemble has no one tokenizer, expected a model over tokens");
    }

    @Override
    public void close() {
        stages.close();
    }
}
