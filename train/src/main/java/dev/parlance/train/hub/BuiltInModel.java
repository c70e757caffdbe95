package dev.parlance.train.hub;

import dev.parlance.task.Pooling;
import dev.parlance.task.SentenceEmbedding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pretrained encoder that a short name stands for. Its weights come from a Maven artifact with the original ONNX export.
 *
 * @param name what users write
 * @param groupId Maven coordinates of the artifact, a jar
 * @param upstreamId the model's id on the Hugging Face Hub, where its card is
 * @param licence SPDX identifier
 * @param languages ISO 639-1 codes
 * @param parameters how many numbers the encoder has
 * @param layers, hiddenSize the encoder's size
 * @param entryPrefix the start of the names of the jar's two files, {@code .onnx} and {@code -tokenizer.json}
 * @param onnxSha256 of the ONNX file, hexadecimal
 * @param tokenizerSha256 of the tokenizer file, hexadecimal
 * @param maxLength longest text in tokens of which the authors take embeddings
 * @param pooling how the authors make one vector of those of a text's tokens; its length becomes 1
 * @param prompts what the authors put before texts, by use
 */
public record BuiltInModel(
        String name,
        String groupId,
        String artifactId,
        String version,
        String upstreamId,
        String licence,
        List<String> languages,
        long parameters,
        int layers,
        int hiddenSize,
        String entryPrefix,
        String onnxSha256,
        String tokenizerSha256,
        int maxLength,
        Pooling pooling,
        Map<String, String> prompts) {
    private static final String GROUP = "dev.langchain4j";
    private static final String ARTIFACT = "langchain4j-embeddings-";

    private static final List<BuiltInModel> ALL = List.of(
            new BuiltInModel(
                    "minilm",
                    GROUP,
                    ARTIFACT + "all-minilm-l6-v2",
                    "1.19.0-beta29",
                    "sentence-transformers/all-MiniLM-L6-v2",
                    "Apache-2.0",
                    List.of("en"),
                    22_565_376,
                    6,
                    384,
                    "all-minilm-l6-v2",
                    "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
                    "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
                    256,
                    Pooling.MEAN,
                    Map.of()),
            new BuiltInModel(
                    "bge-small-en",
                    GROUP,
                    ARTIFACT + "bge-small-en-v15",
                    "1.11.0-beta19",
                    "BAAI/bge-small-en-v1.5",
                    "MIT",
                    List.of("en"),
                    33_212_160,
                    12,
                    384,
                    "bge-small-en-v1.5",
                    "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
                    "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
                    512,
                    Pooling.CLS,
                    Map.of("query", "Represent this sentence for searching relevant passages: ")),
            new BuiltInModel(
                    "e5-small",
                    GROUP,
                    ARTIFACT + "e5-small-v2",
                    "0.36.2",
                    "intfloat/e5-small-v2",
                    "MIT",
                    List.of("en"),
                    33_212_160,
                    12,
                    384,
                    "e5-small-v2",
                    "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
                    "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
                    512,
                    Pooling.MEAN,
                    Map.of("query", "query: ", "passage", "passage: ")),
            new BuiltInModel(
                    "bge-small-zh",
                    GROUP,
                    ARTIFACT + "bge-small-zh-v15",
                    "1.19.0-beta29",
                    "BAAI/bge-small-zh-v1.5",
                    "MIT",
                    List.of("zh"),
                    23_690_240,
                    4,
                    512,
                    "bge-small-zh-v1.5",
                    "69a0b846f4f116b5e6aabf9546ea6754d02264f3211a13a1bd69b31b8040749a",
                    "48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26",
                    512,
                    Pooling.CLS,
                    Map.of("query", "为这个句子生成表示以用于检索相关文章：")));

    public BuiltInModel {
        languages = List.copyOf(languages);
        prompts = Map.copyOf(prompts);
    }

    /** The models that every installation knows, smallest English one first. */
    public static List<BuiltInModel> all() {
        return ALL;
    }

    /** The model of that name, if there is one. */
    public static Optional<BuiltInModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /** The artifact as {@code group:artifact:version}. */
    public String coordinates() {
        return groupId + ":" + artifactId + ":" + version;
    }

    SentenceEmbedding embedding() {
        return new SentenceEmbedding(hiddenSize, List.of(pooling), true, prompts, null);
    }

    String onnxEntry() {
        return entryPrefix + ".onnx";
    }

    String tokenizerEntry() {
        return entryPrefix + "-tokenizer.json";
    }
}
