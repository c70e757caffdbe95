package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A base model and a finished run, as small as they can be. */
final class BundleFixture {
    static final List<String> LABELS = List.of("refund", "shipping|delay", "other");
    static final BundleWriter.FileCallback WEIGHTS = file -> Files.writeString(file, "weights");
    static final BundleWriter.FileCallback ONNX = file -> Files.writeString(file, "graph");

    private BundleFixture() {}

    static ObjectNode baseConfig(String modelType) {
        ObjectNode config = Json.object();
        config.put("model_type", modelType);
        config.put("_name_or_path", "/home/somebody/base");
        config.put("torch_dtype", "float16");
        config.putArray("architectures").add("BertModel");
        config.put("hidden_size", 384);
        config.put("max_position_embeddings", 512);
        return config;
    }

    static Path tokenizer(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": {"max_length": 128}, "padding": null, "model": {"vocab": {"é": 0}}}""");
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "BertTokenizer", "model_max_length": 512, "name_or_path": "/home/somebody/base"}""");
        Files.writeString(directory.resolve("vocab.txt"), "é\n");
        Files.writeString(directory.resolve("modules.json"), "[]");
        return directory;
    }

    static BundleContents contents(Path tokenizer) {
        return contents(tokenizer, "bert", Map.of("test", report()));
    }

    static BundleContents contents(Path tokenizer, String modelType, Map<String, Report> reports) {
        RunConfig run = RunConfig.defaults().with("data.train", "data/reviews.csv");
        return new BundleContents(
                baseConfig(modelType), new TextClassification(LABELS), tokenizer, reports, run, provenance());
    }

    static Report report() {
        return ClassificationMetrics.report(LABELS, new int[] {0, 0, 0, 1, 1, 2}, new int[] {0, 0, 1, 1, 1, 1});
    }

    static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                List.of("parlance", "train", "--data", "my data/reviews.csv"),
                Instant.parse("2026-05-04T10:00:00Z"),
                Instant.parse("2026-05-04T10:01:30Z"),
                new Provenance.BaseModel("minilm", "sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0", "ab12"),
                List.of("en", "zh"),
                List.of(
                        new Provenance.DataFile("train", "/home/somebody/reviews.csv", 4000, "cd34"),
                        new Provenance.DataFile("test", "/home/somebody/reviews.csv", 500, "cd34")),
                new Provenance.Machine("17.0.1 (Vendor)", "Linux 6 amd64", "Some CPU", 2, 2),
                Map.of("libtorch", "2.10.0"),
                Map.of("training", 42L));
    }
}
