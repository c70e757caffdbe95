package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.ShardIndex;
import java.nio.file.Files;
import java.nio.file.Path;

/** What makes a directory a model in Hugging Face layout. */
final class ModelDirectory {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String PICKLE = "pytorch_model.bin";

    private ModelDirectory() {}

    /** Refuses a directory that lacks a file, with the way out; returns it otherwise. */
    static Path check(Path directory) {
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new UserError(directory + " has no " + CONFIG
                    + ": name a directory with a model in Hugging Face layout (" + CONFIG + ", " + Safetensors.FILE
                    + ", "
                    + TOKENIZER + ")");
        }
        checkWeights(directory);
        if (!Files.isRegularFile(directory.resolve(TOKENIZER))) {
            throw new UserError(noTokenizer(directory.toString()));
        }
        return directory;
    }

    private static void checkWeights(Path directory) {
        if (Files.isRegularFile(directory.resolve(Safetensors.FILE))) {
            return;
        }
        Path index = directory.resolve(Safetensors.INDEX);
        if (Files.isRegularFile(index)) {
            for (String shard : ShardIndex.read(index).fileNames()) {
                if (!Files.isRegularFile(directory.resolve(shard))) {
                    throw new UserError(directory + " lacks " + shard + ", which " + Safetensors.INDEX
                            + " lists: download the model again");
                }
            }
            return;
        }
        throw new UserError(
                Files.exists(directory.resolve(PICKLE))
                        ? onlyPickle(directory.toString())
                        : directory + " has neither " + Safetensors.FILE + " nor " + Safetensors.INDEX);
    }

    static String onlyPickle(String where) {
        return where + " has its weights only as " + PICKLE
                + ", a Python pickle, which can run any code when it is read,"
                + " so it is refused: convert it to " + Safetensors.FILE
                + " where you trust it, with transformers: AutoModel.from_pretrained(dir).save_pretrained(dir)";
    }

    static String noTokenizer(String where) {
        return where + " has no " + TOKENIZER + ": make it from the other tokenizer files, with transformers:"
                + " AutoTokenizer.from_pretrained(dir, use_fast=True).save_pretrained(dir)";
    }
}
