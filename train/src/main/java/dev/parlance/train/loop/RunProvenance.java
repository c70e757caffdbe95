package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.text.Language;
import dev.parlance.train.checkpoint.RunIdentity;
import dev.parlance.train.hub.BuiltInModel;
import dev.parlance.train.tensor.TorchInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of a run when it is saved. */
public final class RunProvenance {
    private RunProvenance() {}

    static Provenance of(RunConfig config, Splits splits, List<String> command, Instant startedAt, int threads) {
        return of(config, splits, command, startedAt, threads, engine());
    }

    /** The library that encoders are trained with, and its version. */
    static Map<String, String> engine() {
        return Map.of("libtorch", TorchInfo.read().version());
    }

    /**
     * Where the model of a run comes from that ends now.
     *
     * @param command the words that the user typed, empty if a program called
     * @param threads that it computed with
     * @param libraries what it computed with, and the versions
     */
    public static Provenance of(
            RunConfig config,
            Splits splits,
            List<String> command,
            Instant startedAt,
            int threads,
            Map<String, String> libraries) {
        return new Provenance(
                RunIdentity.currentVersion(),
                command,
                startedAt,
                Instant.now(),
                baseModel(config.model().modelNameOrPath()),
                Languages.of(splits.train().examples()).stream()
                        .map(Language::code)
                        .toList(),
                splits.parts().stream().map(RunProvenance::dataFile).toList(),
                Provenance.Machine.detect(threads),
                libraries,
                Map.of(
                        "training", config.training().seed(),
                        "split", config.data().splitSeed()));
    }

    /** What is known before the end, as a tree without the time of the end. */
    static ObjectNode soFar(
            RunConfig config,
            Splits splits,
            List<String> command,
            Instant startedAt,
            int threads,
            Map<String, String> libraries) {
        ObjectNode tree =
                of(config, splits, command, startedAt, threads, libraries).toJson();
        tree.remove("finished_at");
        return tree;
    }

    private static Provenance.BaseModel baseModel(String name) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(name);
        String hubId = name.startsWith("hf:")
                ? name.substring("hf:".length()).split("@", 2)[0]
                : builtIn.map(BuiltInModel::upstreamId).orElse(null);
        return new Provenance.BaseModel(
                name,
                hubId,
                builtIn.map(BuiltInModel::licence).orElse(null),
                builtIn.map(BuiltInModel::onnxSha256).orElse(null));
    }

    private static Provenance.DataFile dataFile(Dataset part) {
        return new Provenance.DataFile(
                part.name(), part.file().name(), part.size(), part.file().sha256());
    }
}
