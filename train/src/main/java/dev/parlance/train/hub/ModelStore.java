package dev.parlance.train.hub;

import dev.parlance.config.CacheDirectory;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Turns a model's name into a directory in Hugging Face layout, fetching it if need be. Names are those of
 * {@link #builtIns()}, {@code hf:owner/name[@revision]}, or a directory. Safe for threads, and for processes that share a
 * cache.
 */
public final class ModelStore {
    private final Path cache;
    private final BuiltInModels builtInModels;
    private final HubModels hubModels;

    /**
     * A store.
     *
     * @param cache where fetched models are kept; made when first needed
     * @param environment HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and PARLANCE_OFFLINE are read
     * @throws UserError if HF_ENDPOINT is no address
     */
    public ModelStore(Path cache, Map<String, String> environment, ProgressListener listener) {
        this(cache, HubOptions.from(environment), listener, FileDownload::openOnDisk);
    }

    ModelStore(Path cache, HubOptions options, ProgressListener listener, FileDownload.Outputs outputs) {
        this.cache = cache;
        this.builtInModels =
                new BuiltInModels(cache.resolve("models"), new MavenArtifacts(options.offline(), listener));
        HubClient client = new HubClient(options);
        this.hubModels = new HubModels(cache.resolve("hub"), client, new FileDownload(client, listener, outputs));
    }

    /** A store in PARLANCE_HOME, or else in {@code ~/.cache/parlance}. */
    public static ModelStore fromEnvironment(Map<String, String> environment, ProgressListener listener) {
        return new ModelStore(CacheDirectory.path(environment), environment, listener);
    }

    /** The models that every installation knows by a short name. */
    public List<BuiltInModel> builtIns() {
        return BuiltInModel.all();
    }

    /**
     * The directory of a model: config.json, model.safetensors (or shards and their index), tokenizer.json, and what other
     * tokenizer files there are. Fetches it first if it isn't on this disk.
     *
     * @throws UserError if there is no such model, it can't be fetched, or it lacks a file
     */
    public Path resolve(String nameOrPath) {
        if (nameOrPath.startsWith(HubReference.PREFIX)) {
            return hubModels.resolve(HubReference.parse(nameOrPath));
        }
        return BuiltInModel.named(nameOrPath)
                .map(builtInModels::resolve)
                .orElseGet(() -> ModelDirectory.check(directory(nameOrPath)));
    }

    /** The models on this disk that need no network, built-in ones first. */
    public List<CachedModel> cached() {
        List<CachedModel> models = new ArrayList<>();
        try {
            for (BuiltInModel model : builtIns()) {
                if (builtInModels.isCached(model)) {
                    Path path = builtInModels.directory(model);
                    models.add(new CachedModel(model.name(), Directories.bytes(path), path));
                }
            }
            models.addAll(hubModels.cached());
        } catch (IOException e) {
            throw new UserError("the cache " + cache + " can't be read: " + Messages.oneLine(e), e);
        }
        return models;
    }

    /**
     * Copies a model's directory to a place of the user's, which opens in other tools too. {@code target} appears only when
     * it is complete.
     *
     * @throws UserError if {@code target} exists and isn't an empty directory, or as {@link #resolve} does
     */
    public void export(String nameOrPath, Path target) {
        Path source = resolve(nameOrPath);
        Path absolute = target.toAbsolutePath().normalize();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".tmp-" + UUID.randomUUID());
        try {
            if (Files.exists(absolute)
                    && !(Files.isDirectory(absolute)
                            && Directories.list(absolute).isEmpty())) {
                throw new UserError(target + " exists already: name a new directory, or delete it first");
            }
            try {
                Directories.copyFiles(source, temporary);
                Files.deleteIfExists(absolute);
                AtomicFiles.move(temporary, absolute);
            } finally {
                Directories.delete(temporary);
            }
        } catch (IOException e) {
            throw DiskErrors.explain(e, target, "exporting model " + nameOrPath);
        }
    }

    private static Path directory(String nameOrPath) {
        try {
            Path path = Path.of(nameOrPath);
            if (Files.isDirectory(path) && !nameOrPath.isBlank()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new UserError(ModelNames.unknown(nameOrPath), e);
        }
        throw new UserError(ModelNames.unknown(nameOrPath));
    }
}
