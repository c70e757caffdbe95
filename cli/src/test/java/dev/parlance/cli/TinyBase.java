package dev.parlance.cli;

import dev.parlance.config.Json;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** A "pretrained" encoder that trains in milliseconds: random weights, the ten words of the self-test model. */
final class TinyBase {
    private static final String CONFIG = """
            {"model_type": "bert", "vocab_size": 10, "hidden_size": 16, "num_hidden_layers": 1,
             "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 64, "type_vocab_size": 2,
             "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
             "layer_norm_eps": 1e-12, "initializer_range": 0.3, "pad_token_id": 0}
            """;

    private TinyBase() {}

    /** Writes it in Hugging Face layout. */
    static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path config = Files.writeString(directory.resolve("config.json"), CONFIG);
        try (SelfTestModel words = SelfTestModel.unpack()) {
            Files.copy(words.directory().resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        }
        try (SequenceClassifier model =
                SequenceClassifier.create(EncoderConfig.parse(Json.readObject(config), "tiny"), 2, 7)) {
            Safetensors.write(directory.resolve("model.safetensors"), new WithoutHead(model.toWeights()));
        }
        return directory;
    }

    /** Labelled rows that a model of ten words can learn: {@code rows} lines below the header. */
    static String rows(int rows, char delimiter) {
        StringBuilder text = new StringBuilder("sentence" + delimiter + "label\n");
        String[] positive = {"good", "fine", "good fine", "fine . good ."};
        String[] negative = {"bad", "broken", "broken bad", "bad . broken ."};
        for (int i = 0; i < rows; i++) {
            boolean good = i % 2 == 0;
            String words = (good ? positive : negative)[i / 2 % 4]
                    + " good".repeat(good ? i / 8 : 0)
                    + " bad".repeat(good ? 0 : i / 8);
            text.append(words)
                    .append(delimiter)
                    .append(good ? "positive" : "negative")
                    .append('\n');
        }
        return text.toString();
    }

    /** As a pretrained encoder comes. */
    private record WithoutHead(WeightSource all) implements WeightSource {
        @Override
        public Set<String> names() {
            Set<String> names = new LinkedHashSet<>(all.names());
            names.removeIf(name -> name.startsWith("classifier."));
            return names;
        }

        @Override
        public long[] shape(String name) {
            return all.shape(name);
        }

        @Override
        public void copyInto(String name, FloatBuffer target) {
            all.copyInto(name, target);
        }
    }
}
