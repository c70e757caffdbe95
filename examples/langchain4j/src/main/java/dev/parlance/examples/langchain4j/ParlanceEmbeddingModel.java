package dev.parlance.examples.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import dev.parlance.predict.Prepared;
import dev.parlance.task.SentenceEmbedding;
import java.nio.file.Path;
import java.util.List;

/**
 * A sentence encoder in a directory as an embedding model of LangChain4j. It runs in this process: no server, no network. Safe for
 * concurrent use; close it when no more texts come.
 */
public final class ParlanceEmbeddingModel implements EmbeddingModel, AutoCloseable {
    private final Pipeline pipeline;
    private final SentenceEmbedding task;
    private final String name;

    private ParlanceEmbeddingModel(Pipeline pipeline, SentenceEmbedding task, String name) {
        this.pipeline = pipeline;
        this.task = task;
        this.name = name;
    }

    /**
     * Opens the directory of a sentence encoder: with {@code model.onnx}, and {@code modules.json} that says how tokens become a
     * text.
     *
     * @throws UserError if it is the directory of another model, such as a classifier
     */
    public static ParlanceEmbeddingModel load(Path directory) {
        Pipeline pipeline = Pipeline.load(directory);
        if (pipeline.task() instanceof SentenceEmbedding task) {
            return new ParlanceEmbeddingModel(
                    pipeline, task, String.valueOf(directory.toAbsolutePath().getFileName()));
        }
        String found = pipeline.task().name();
        pipeline.close();
        throw new UserError(directory + " is a model for " + found + ", expected a sentence encoder");
    }

    /** The embeddings of texts, in their order, and how many tokens they took. Texts of like length run together. */
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<Prepared> prepared = pipeline.prepare(
                segments.stream().map(segment -> Example.of(segment.text())).toList());
        List<Embedding> embeddings = pipeline.run(prepared).stream()
                .map(ParlanceEmbeddingModel::embedding)
                .toList();
        return Response.from(
                embeddings,
                new TokenUsage(prepared.stream().mapToInt(Prepared::length).sum()));
    }

    private static Embedding embedding(Prediction prediction) {
        return Embedding.from(((dev.parlance.data.Embedding) prediction.annotation()).values());
    }

    @Override
    public int dimension() {
        return task.dimensions();
    }

    @Override
    public String modelName() {
        return name;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
