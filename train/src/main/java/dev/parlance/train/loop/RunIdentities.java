package dev.parlance.train.loop;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.train.checkpoint.RunIdentity;
import dev.parlance.train.checkpoint.Sha256;
import dev.parlance.train.tensor.TorchInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds out what the bits of a run depend on. */
final class RunIdentities {
    private RunIdentities() {}

    static RunIdentity of(Prepared prepared, Parallelism parallelism, boolean bf16) {
        Map<String, String> facts = new TreeMap<>();
        for (Dataset part : prepared.splits().parts()) {
            facts.put(
                    "data of " + part.name(),
                    part.size() + " rows of a file with SHA-256 " + part.file().sha256());
        }
        facts.put("base model", "SHA-256 " + baseModel(prepared.base()));
        facts.put("libtorch", TorchInfo.read().version());
        facts.put("threads of the engine", parallelism.workers() + " x " + parallelism.threadsPerWorker());
        facts.put("computed precision", bf16 ? "bf16" : "fp32");
        facts.put(
                RunIdentity.PROCESSOR,
                Provenance.Machine.detect(parallelism.threads()).cpu());
        return new RunIdentity(
                RunIdentity.FORMAT, RunIdentity.currentVersion(), ConfigFiles.toTree(prepared.config()), facts);
    }

    /** One hash over the files that weights and tokens come from. */
    private static String baseModel(Path base) {
        try (Stream<Path> files = Files.list(base)) {
            List<Path> read = files.filter(RunIdentities::isRead).sorted().toList();
            StringBuilder hashes = new StringBuilder();
            for (Path file : read) {
                hashes.append(file.getFileName())
                        .append(' ')
                        .append(Sha256.of(file))
                        .append('\n');
            }
            return Sha256.of(hashes.toString());
        } catch (IOException e) {
            throw new UserError(base + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isRead(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".safetensors") || name.equals(ModelBundle.CONFIG) || name.startsWith("tokenizer");
    }
}
