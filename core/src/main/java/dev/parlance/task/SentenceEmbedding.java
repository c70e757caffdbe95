package dev.parlance.task;

import dev.parlance.config.UserError;
import dev.parlance.data.Embedding;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vector for a text, from the vectors of its tokens: Hugging Face's {@code feature-extraction} as sentence-transformers
 * does it. Takes hidden states where other tasks take logits.
 *
 * @param hiddenSize numbers of a token's vector
 * @param pooling how tokens become a text; the results of several stand one after the other
 * @param normalize whether embeddings have length 1
 * @param prompts texts that some models want before others, by the name of their use, such as {@code query}
 * @param defaultPrompt the name of the prompt for texts of which no use is known, or null for none
 */
public record SentenceEmbedding(
        int hiddenSize,
        List<Pooling> pooling,
        boolean normalize,
        Map<String, String> prompts,
        @Nullable String defaultPrompt)
        implements Task {
    public SentenceEmbedding {
        pooling = List.copyOf(pooling);
        prompts = Map.copyOf(prompts);
        if (hiddenSize < 1 || pooling.isEmpty()) {
            throw new IllegalArgumentException("an embedding of " + hiddenSize + " numbers, pooled by " + pooling);
        }
        if (defaultPrompt != null && !prompts.containsKey(defaultPrompt)) {
            throw new UserError("the default prompt is '" + defaultPrompt + "', expected one of " + prompts.keySet());
        }
    }

    @Override
    public String name() {
        return "feature-extraction";
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    /** Numbers of an embedding. */
    public int dimensions() {
        return hiddenSize * pooling.size();
    }

    /**
     * Pools the states of a text's tokens, and scales the result to length 1 if the model wants it.
     *
     * @param states {@code [sequence, hidden]}, row-major; rows after the encoding's length are padding
     */
    @Override
    public Embedding decode(float[] states, Encoding encoding) {
        if (states.length % hiddenSize != 0 || states.length < encoding.length() * hiddenSize) {
            throw new UserError("the model puts out " + states.length + " numbers for a text of " + encoding.length()
                    + " tokens, expected " + hiddenSize + " for each token; export the model again");
        }
        float[] pooled = new float[dimensions()];
        for (int i = 0; i < pooling.size(); i++) {
            pooling.get(i).pool(states, encoding.length(), hiddenSize, pooled, i * hiddenSize);
        }
        if (normalize) {
            normalize(pooled);
        }
        return new Embedding(pooled);
    }

    private static void normalize(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12); // as torch.nn.functional.normalize
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }
}
