package dev.parlance.train.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parlance.bundle.SentenceEncoderFiles;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.ShardIndex;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Models of the Hub, kept by commit: {@code owner/name/snapshots/<commit>/}, with {@code refs/<revision>} saying which
 * commit a branch or tag was last. The Hub's API: https://huggingface.co/docs/hub/api.
 */
final class HubModels {
    private static final long MAX_LISTING_BYTES = 32L << 20;
    private static final List<String> OPTIONAL = List.of(
            "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt", "README.md");

    private final Path root;
    private final HubClient client;
    private final FileDownload download;
    private final JsonMapper json = new JsonMapper();

    HubModels(Path root, HubClient client, FileDownload download) {
        this.root = root;
        this.client = client;
        this.download = download;
    }

    /** The directory of a model at its newest commit, or offline at the last one that was seen. */
    Path resolve(HubReference model) {
        try {
            if (model.isCommit() && Files.isDirectory(snapshot(model, model.revision()))) {
                return snapshot(model, model.revision());
            }
            return client.options().offline() ? fromCache(model) : fromHub(model);
        } catch (IOException e) {
            throw DiskErrors.explain(e, root, "downloading " + model);
        }
    }

    /** The commits that are on this disk. */
    List<CachedModel> cached() throws IOException {
        List<CachedModel> models = new ArrayList<>();
        for (Path owner : Directories.list(root)) {
            for (Path name : Directories.list(owner)) {
                for (Path snapshot : Directories.list(name.resolve("snapshots"))) {
                    String commit = String.valueOf(snapshot.getFileName());
                    if (HubReference.isCommit(commit)) {
                        String id = owner.getFileName() + "/" + name.getFileName();
                        models.add(new CachedModel(
                                HubReference.PREFIX + id + "@" + commit, Directories.bytes(snapshot), snapshot));
                    }
                }
            }
        }
        return models;
    }

    private Path fromCache(HubReference model) throws IOException {
        Path ref = ref(model);
        String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : "";
        if (HubReference.isCommit(commit) && Files.isDirectory(snapshot(model, commit))) {
            return snapshot(model, commit);
        }
        throw new UserError(model + " is not in " + root
                + ", and downloads are off: unset HF_HUB_OFFLINE and PARLANCE_OFFLINE once to fetch it");
    }

    private Path fromHub(HubReference model) throws IOException {
        JsonNode listing = listing(model);
        String commit = listing.path("sha").asText();
        if (!HubReference.isCommit(commit)) {
            throw new UserError("the Hub's answer about " + model + " names no commit: check HF_ENDPOINT");
        }
        Set<String> files = fileNames(model, listing);
        return DirectoryLock.holding(home(model).resolve(".lock"), () -> {
            Path snapshot = snapshot(model, commit);
            if (!Files.isDirectory(snapshot)) {
                fetch(model, commit, files, snapshot);
            }
            AtomicFiles.write(
                    ref(model), channel -> channel.write(ByteBuffer.wrap(commit.getBytes(StandardCharsets.UTF_8))));
            return snapshot;
        });
    }

    private JsonNode listing(HubReference model) {
        URI uri = URI.create(
                client.options().endpoint() + "/api/models/" + model.id() + "/revision/" + encoded(model.revision()));
        try {
            return json.readTree(client.get(uri, model.toString(), MAX_LISTING_BYTES));
        } catch (IOException e) {
            throw new UserError(
                    "the Hub's answer about " + model + " is no JSON: check HF_ENDPOINT "
                            + client.options().endpoint(),
                    e);
        }
    }

    private static Set<String> fileNames(HubReference model, JsonNode listing) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode sibling : listing.path("siblings")) {
            String name = sibling.path("rfilename").asText();
            if (leadsOutside(name)) {
                throw new UserError(model + " lists the file '" + name
                        + "', which leads outside the model's directory: don't use this model, and tell the Hub");
            }
            names.add(name);
        }
        return names;
    }

    private static boolean leadsOutside(String name) {
        return name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || name.indexOf('\0') >= 0
                || List.of(name.split("/")).contains("..");
    }

    private void fetch(HubReference model, String commit, Set<String> files, Path snapshot) throws IOException {
        checkUsable(model, files);
        Path partial = snapshot.resolveSibling(commit + ".partial");
        Files.createDirectories(partial);
        fetch(model, commit, ModelDirectory.CONFIG, partial, client.options().maxSmallFileBytes());
        fetch(model, commit, ModelDirectory.TOKENIZER, partial, client.options().maxSmallFileBytes());
        for (String name : Stream.concat(OPTIONAL.stream(), SentenceEncoderFiles.ALL.stream())
                .toList()) {
            if (files.contains(name)) {
                fetch(model, commit, name, partial, client.options().maxSmallFileBytes());
            }
        }
        fetchWeights(model, commit, files, partial);
        try {
            Safetensors.openModel(ModelDirectory.check(partial)).close(); // reads the headers
        } catch (UserError e) {
            Directories.delete(partial); // whole as sent, and yet no model: nothing to go on from
            throw e;
        }
        AtomicFiles.move(partial, snapshot);
    }

    private static void checkUsable(HubReference model, Set<String> files) {
        if (!files.contains(ModelDirectory.CONFIG)) {
            throw new UserError(model + " has no " + ModelDirectory.CONFIG + ": it is no model in Hugging Face layout");
        }
        if (!files.contains(Safetensors.FILE) && !files.contains(Safetensors.INDEX)) {
            throw new UserError(
                    files.contains(ModelDirectory.PICKLE)
                            ? ModelDirectory.onlyPickle(model.toString())
                            : model + " has neither " + Safetensors.FILE + " nor " + Safetensors.INDEX);
        }
        if (!files.contains(ModelDirectory.TOKENIZER)) {
            throw new UserError(ModelDirectory.noTokenizer(model.toString()));
        }
    }

    private void fetchWeights(HubReference model, String commit, Set<String> files, Path partial) {
        if (files.contains(Safetensors.FILE)) {
            fetch(model, commit, Safetensors.FILE, partial, Long.MAX_VALUE);
            return;
        }
        fetch(model, commit, Safetensors.INDEX, partial, ShardIndex.MAX_BYTES);
        for (String shard : ShardIndex.read(partial.resolve(Safetensors.INDEX)).fileNames()) {
            fetch(model, commit, shard, partial, Long.MAX_VALUE);
        }
    }

    private void fetch(HubReference model, String commit, String name, Path partial, long maxBytes) {
        if (!Files.exists(partial.resolve(name))) { // an earlier run may have fetched it, and then it was checked
            URI uri = URI.create(
                    client.options().endpoint() + "/" + model.id() + "/resolve/" + commit + "/" + encoded(name));
            download.run(uri, partial, name, model + " " + name, maxBytes);
        }
    }

    private Path home(HubReference model) {
        return root.resolve(model.owner()).resolve(model.name());
    }

    private Path snapshot(HubReference model, String commit) {
        return home(model).resolve("snapshots").resolve(commit);
    }

    private Path ref(HubReference model) {
        return home(model).resolve("refs").resolve(encoded(model.revision()));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
