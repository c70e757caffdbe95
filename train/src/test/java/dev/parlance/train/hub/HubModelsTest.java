package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelsTest {
    private static final String PINNED = FakeHub.MODEL + "@" + FakeHub.COMMIT;

    @TempDir
    private Path cache;

    private final FakeHub hub = new FakeHub();

    HubModelsTest() throws IOException {}

    @AfterEach
    void closeHub() {
        hub.close();
    }

    @Test
    void downloads_a_model_and_reports_progress() throws IOException {
        List<String> progress = new CopyOnWriteArrayList<>();
        ModelStore store = new ModelStore(
                cache,
                options(null, false),
                (file, bytes, total) -> progress.add(file + " " + bytes + "/" + total),
                FileDownload::openOnDisk);

        Path directory = store.resolve(FakeHub.MODEL);

        assertThat(directory).isEqualTo(cache.resolve("hub/owner/name/snapshots/" + FakeHub.COMMIT));
        for (String name : hub.files.keySet()) {
            assertThat(directory.resolve(name)).hasBinaryContent(hub.content(name));
        }
        int size = hub.content("model.safetensors").length;
        assertThat(progress).contains("hf:owner/name model.safetensors " + size + "/" + size);
        assertThat(store.cached()).extracting(CachedModel::name).containsExactly(PINNED);
        assertThat(filesBelow(cache)).noneMatch(name -> name.contains("incomplete") || name.contains("partial"));
    }

    @Test
    void downloads_the_shards_that_the_index_lists() throws IOException {
        hub.files.remove("model.safetensors");
        hub.files.put("model-00001-of-00002.safetensors", FakeHub.weights("a"));
        hub.files.put("model-00002-of-00002.safetensors", FakeHub.weights("b"));
        hub.files.put("unrelated.safetensors", new byte[8]);
        hub.files.put("model.safetensors.index.json", utf8("""
                {"metadata":{},"weight_map":{
                  "a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}"""));

        Path directory = store(null).resolve(FakeHub.MODEL);

        try (Safetensors weights = Safetensors.openModel(directory)) {
            assertThat(weights.names()).containsExactly("a", "b");
        }
        assertThat(directory.resolve("unrelated.safetensors")).doesNotExist();
    }

    @Test
    void refuses_an_index_that_leads_outside() {
        hub.files.remove("model.safetensors");
        hub.files.put("model.safetensors.index.json", utf8("{\"weight_map\":{\"a\":\"../../x.safetensors\"}}"));

        assertRefused(store(null), FakeHub.MODEL, "'../../x.safetensors'", "plain name");
    }

    @Test
    void goes_on_with_a_range_after_a_dropped_connection() throws IOException {
        hub.breaks.put("model.safetensors", 70_000);

        Path directory = store(null).resolve(FakeHub.MODEL);

        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(hub.content("model.safetensors"));
        List<String> ranges = hub.requests.stream()
                .filter(request -> !request.atHub())
                .map(request -> String.valueOf(request.range()))
                .toList();
        assertThat(ranges).hasSize(2).startsWith("null");
        assertThat(ranges.get(1)).matches("bytes=[1-9]\\d*-");
    }

    @Test
    void a_later_run_goes_on_from_an_incomplete_file() throws IOException {
        byte[] content = hub.content("model.safetensors");
        leaveIncomplete(Arrays.copyOf(content, 1000));

        Path directory = store(null).resolve(FakeHub.MODEL);

        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(content);
        assertThat(hub.requests).anyMatch(request -> "bytes=1000-".equals(request.range()));
    }

    @Test
    void starts_over_when_the_incomplete_file_was_of_another_content() throws IOException {
        leaveIncomplete(new byte[1000]);

        Path directory = store(null).resolve(FakeHub.MODEL);

        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(hub.content("model.safetensors"));
    }

    @Test
    void gives_up_on_a_server_that_keeps_failing() {
        hub.statuses.put("config.json", 503);

        assertRefused(store(null), FakeHub.MODEL, "config.json", "answers 503", "check the network");
        assertThat(hub.requestsFor("config.json")).isEqualTo(3);
    }

    @Test
    void says_what_401_403_404_and_429_mean() {
        String listing = "/revision/main";
        hub.statuses.put(listing, 401);
        assertRefused(store(null), FakeHub.MODEL, "hf:owner/name", "(401)", "set HF_TOKEN");
        hub.statuses.put(listing, 403);
        assertRefused(store(null), FakeHub.MODEL, "gated", "accept its terms", "HF_TOKEN");
        hub.statuses.put(listing, 404);
        assertRefused(store(null), FakeHub.MODEL, "there is no hf:owner/name", "(404)");
        assertThat(hub.requests).hasSize(3);
        hub.statuses.put(listing, 429);
        assertRefused(store(null), FakeHub.MODEL, "429", "too many requests");
    }

    @Test
    void refuses_a_wrong_checksum_and_keeps_nothing() throws IOException {
        hub.checksums.put("model.safetensors", "0".repeat(64));
        assertRefused(store(null), FakeHub.MODEL, "model.safetensors", "damaged", "SHA-256", "0".repeat(64));

        hub.checksums.put("model.safetensors", Checksums.sha256(hub.content("model.safetensors")));
        hub.checksums.put("tokenizer.json", "0".repeat(40));
        Directories.delete(cache.resolve("hub"));
        assertRefused(store(null), FakeHub.MODEL, "tokenizer.json", "damaged", "git blob");
        assertThat(filesBelow(cache)).noneMatch(name -> name.startsWith("tokenizer.json"));
    }

    @Test
    void a_full_disk_is_one_clear_line_and_leaves_no_half_file() throws IOException {
        ModelStore store = new ModelStore(cache, options(null, false), ProgressListener.NONE, FullDisk::new);

        assertRefused(store, FakeHub.MODEL, "the disk of", "is full", "model.safetensors", "PARLANCE_HOME");
        assertThat(filesBelow(cache)).noneMatch(name -> name.startsWith("model.safetensors"));

        assertThat(store(null).resolve(FakeHub.MODEL)).isDirectory();
    }

    @Test
    void sends_the_token_to_the_hub_alone() {
        store("hf_secret").resolve(FakeHub.MODEL);

        assertThat(hub.requests).filteredOn(FakeHub.Request::atHub).isNotEmpty().allMatch(request -> "Bearer hf_secret"
                .equals(request.authorization()));
        assertThat(hub.requests)
                .filteredOn(request -> !request.atHub())
                .isNotEmpty()
                .allMatch(request -> request.authorization() == null);
    }

    @Test
    void offline_uses_the_cache_or_says_how_to_fill_it() {
        ModelStore offline =
                new ModelStore(cache, options(null, true), ProgressListener.NONE, FileDownload::openOnDisk);
        assertRefused(offline, FakeHub.MODEL, "is not in", "HF_HUB_OFFLINE");
        assertThat(hub.requests).isEmpty();

        Path online = store(null).resolve(FakeHub.MODEL);
        int requests = hub.requests.size();

        assertThat(offline.resolve(FakeHub.MODEL)).isEqualTo(online);
        assertThat(hub.requests).hasSize(requests);
    }

    @Test
    void a_pinned_commit_is_fetched_once_and_then_needs_no_network() {
        Path directory = store(null).resolve(PINNED);
        int requests = hub.requests.size();

        assertThat(store(null).resolve(PINNED)).isEqualTo(directory);
        assertThat(hub.requests).hasSize(requests);
        assertThat(hub.requestsFor("/revision/" + FakeHub.COMMIT)).isEqualTo(1);
    }

    @Test
    void a_second_resolve_of_a_branch_downloads_no_file_again() {
        store(null).resolve(FakeHub.MODEL + "@refs/pr/1");
        store(null).resolve(FakeHub.MODEL + "@refs/pr/1");

        assertThat(hub.requestsFor("config.json")).isEqualTo(1);
    }

    @Test
    void refuses_a_listing_that_leads_outside() {
        for (String name : List.of("../evil.json", "/etc/passwd", "a/../../b", "..\\evil", "C:evil")) {
            hub.files.put(name, new byte[0]);
            assertRefused(store(null), FakeHub.MODEL, "'" + name + "'", "leads outside");
            hub.files.remove(name);
        }
    }

    @Test
    void refuses_weights_that_are_cut_off_at_the_source() throws IOException {
        hub.files.put("model.safetensors", Arrays.copyOf(FakeHub.weights("a"), 5000));

        assertRefused(store(null), FakeHub.MODEL, "model.safetensors", "cut off");
        assertThat(filesBelow(cache)).noneMatch(name -> name.startsWith("model.safetensors"));
    }

    @Test
    void refuses_pickled_weights_and_a_missing_tokenizer_before_any_download() {
        hub.files.remove("tokenizer.json");
        assertRefused(store(null), FakeHub.MODEL, "has no tokenizer.json", "AutoTokenizer");
        hub.files.remove("model.safetensors");
        hub.files.put("pytorch_model.bin", new byte[0]);
        assertRefused(store(null), FakeHub.MODEL, "pytorch_model.bin", "can run any code");
        assertThat(hub.requestsFor(".json")).isZero();
    }

    @Test
    void refuses_a_small_file_that_is_not_small() {
        hub.files.put("config.json", new byte[2_000_000]);

        assertRefused(store(null), FakeHub.MODEL, "config.json has more than 1.0 MB");
    }

    @Test
    void two_threads_download_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Path> resolve = () -> store(null).resolve(FakeHub.MODEL);
            for (Future<Path> result : threads.invokeAll(List.of(resolve, resolve))) {
                assertThat(result.get()).isDirectory();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(hub.requestsFor("/tokenizer.json")).isEqualTo(1);
    }

    @Test
    void a_server_that_falls_silent_is_a_timeout() {
        hub.breaks.put("model.safetensors", 10);
        hub.stalls.add("model.safetensors");

        assertThat(store(null).resolve(FakeHub.MODEL)).isDirectory();
        assertThat(hub.requests).anyMatch(request -> "bytes=10-".equals(request.range()));
    }

    private ModelStore store(@Nullable String token) {
        return new ModelStore(cache, options(token, false), ProgressListener.NONE, FileDownload::openOnDisk);
    }

    @Test
    void reaches_the_hub_through_the_proxy_of_the_environment() {
        String proxy = hub.endpoint().toString(); // takes the requests for a host that does not exist
        Map<String, String> environment = Map.of("HTTP_PROXY", proxy, "NO_PROXY", "127.0.0.1");
        ModelStore store = new ModelStore(
                cache,
                options(URI.create("http://hub.invalid"), null, false, new EnvironmentProxies(environment)),
                ProgressListener.NONE,
                FileDownload::openOnDisk);

        assertThat(store.resolve(FakeHub.MODEL).resolve("model.safetensors"))
                .hasBinaryContent(hub.content("model.safetensors"));
    }

    private HubOptions options(@Nullable String token, boolean offline) {
        return options(hub.endpoint(), token, offline, new EnvironmentProxies(Map.of()));
    }

    private static HubOptions options(URI endpoint, @Nullable String token, boolean offline, ProxySelector proxies) {
        return new HubOptions(
                endpoint, token, offline, 3, Duration.ofMillis(1), Duration.ofSeconds(2), 1_000_000, proxies);
    }

    private void leaveIncomplete(byte[] bytes) throws IOException {
        Path partial = cache.resolve("hub/owner/name/snapshots/" + FakeHub.COMMIT + ".partial");
        Files.createDirectories(partial);
        Files.write(partial.resolve("model.safetensors.incomplete"), bytes);
    }

    private static void assertRefused(ModelStore store, String name, String... parts) {
        assertThatThrownBy(() -> store.resolve(name))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }

    private static List<String> filesBelow(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> String.valueOf(path.getFileName()))
                    .toList();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A disk with room for 50,000 bytes in a file, which then fails as the operating system does. */
    private static final class FullDisk implements WritableByteChannel {
        private final WritableByteChannel disk;
        private int room = 50_000;

        FullDisk(Path file, boolean append) throws IOException {
            this.disk = FileDownload.openOnDisk(file, append);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (source.remaining() > room) {
                source.limit(source.position() + room);
            }
            if (!source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            int written = disk.write(source);
            room -= written;
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            return written;
        }

        @Override
        public boolean isOpen() {
            return disk.isOpen();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }
}
