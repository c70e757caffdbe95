package dev.parlance.server.api;

import dev.parlance.data.Embedding;
import dev.parlance.server.engine.Refusal;
import dev.parlance.task.SentenceEmbedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Embeddings as clients want them: shortened, of length 1, compared, or in base64. */
final class Vectors {
    private Vectors() {}

    /** Refuses to give what a model cannot: embeddings as long as they came out, where its directory scales them. */
    static void checkNormalize(SentenceEmbedding task, @Nullable Boolean normalize, String field) {
        if (Boolean.FALSE.equals(normalize) && task.normalize()) {
            throw BadField.wrong(
                    field, "false", "true or nothing, since the model itself gives embeddings of length 1");
        }
    }

    /** Refuses to make embeddings longer than the model's. */
    static void checkDimensions(SentenceEmbedding task, @Nullable Integer dimensions) {
        if (dimensions != null && (dimensions < 1 || dimensions > task.dimensions())) {
            throw BadField.wrong("dimensions", dimensions.toString(), "a number from 1 to " + task.dimensions());
        }
    }

    /**
     * The first numbers of each embedding, scaled to length 1 if wanted. Shortening makes sense for models that were trained
     * for it.
     */
    static float[][] shaped(List<Embedding> embeddings, boolean normalize, @Nullable Integer dimensions) {
        float[][] shaped = new float[embeddings.size()][];
        for (int i = 0; i < shaped.length; i++) {
            float[] values = embeddings.get(i).values();
            int length = dimensions == null ? values.length : Math.min(dimensions, values.length);
            float[] vector = normalize || length < values.length ? Arrays.copyOf(values, length) : values;
            if (normalize) {
                normalize(vector);
            }
            shaped[i] = checked(vector);
        }
        return shaped;
    }

    /** The cosines of the first embedding with each of the others. */
    static float[] cosines(List<Embedding> embeddings) {
        float[] cosines = new float[embeddings.size() - 1];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = (float) embeddings.get(0).cosine(embeddings.get(i + 1));
        }
        return checked(cosines);
    }

    /** Little-endian float32 in base64, as OpenAI has it. */
    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static void normalize(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }

    /** JSON has no NaN. */
    static float[] checked(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new Refusal(Refusal.Kind.BACKEND, "the model gave a number that is not finite");
            }
        }
        return numbers;
    }
}
