package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.ArrayWeights;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    @TempDir
    private Path temporary;

    @Test
    void suggests_a_name_for_an_unknown_one() {
        for (String[] row : new String[][] {
            {"minlm", "did you mean minilm?"},
            {"MiniLM", "did you mean minilm?"},
            {"BAAI/bge-small-zh-v1.5", "did you mean bge-small-zh?"},
            {"all-MiniLM-L6-v2", "did you mean minilm?"},
            {"google/electra-small", "did you mean hf:google/electra-small?"},
        }) {
            assertRefused(row[0], "there is no model '" + row[0] + "'", row[1]);
        }
        assertRefused("", "minilm, bge-small-en, e5-small, bge-small-zh");
        assertThatThrownBy(() -> store().resolve("quite-another-thing"))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("did you mean");
    }

    @Test
    void refuses_a_malformed_hub_name() {
        for (String name :
                new String[] {"hf:name", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a/b@", "hf:a/b@../x", "hf: a/b"}) {
            assertRefused(name, "'" + name + "'", "hf:owner/name");
        }
    }

    @Test
    void takes_a_directory_as_it_is() throws IOException {
        Path model = model();

        assertThat(store().resolve(model.toString())).isEqualTo(model);
    }

    @Test
    void says_what_a_directory_lacks() throws IOException {
        Path model = Files.createDirectory(temporary.resolve("lacking"));
        assertRefused(model.toString(), "has no config.json");
        Files.writeString(model.resolve("config.json"), "{}");
        assertRefused(model.toString(), "neither model.safetensors nor model.safetensors.index.json");
        Files.writeString(model.resolve("pytorch_model.bin"), "");
        assertRefused(model.toString(), "pytorch_model.bin", "can run any code", "save_pretrained");
        Files.writeString(
                model.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"m-1.safetensors\"}}");
        assertRefused(model.toString(), "lacks m-1.safetensors");
        Files.writeString(model.resolve("m-1.safetensors"), "");
        assertRefused(model.toString(), "has no tokenizer.json", "AutoTokenizer");
    }

    @Test
    void exports_a_copy_whole_or_not_at_all() throws IOException {
        Path model = model();
        Path target = temporary.resolve("copies/mine");
        store().export(model.toString(), target);
        assertThat(target.resolve("model.safetensors")).hasSameBinaryContentAs(model.resolve("model.safetensors"));
        assertThat(target.resolve("config.json")).exists();

        assertThatThrownBy(() -> store().export(model.toString(), target))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists already");
        try (Stream<Path> files = Files.list(temporary.resolve("copies"))) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void offline_comes_from_the_environment() {
        assertThat(HubOptions.from(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
        assertThat(HubOptions.from(Map.of("PARLANCE_OFFLINE", "True")).offline())
                .isTrue();
        assertThat(HubOptions.from(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThat(HubOptions.from(Map.of("HF_ENDPOINT", "https://mirror.example/"))
                        .endpoint())
                .hasToString("https://mirror.example");
        assertThatThrownBy(() -> HubOptions.from(Map.of("HF_ENDPOINT", "mirror")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("HF_ENDPOINT 'mirror'");
    }

    @Test
    void an_artifact_with_other_content_is_refused_and_leaves_nothing() throws IOException {
        Path jar = temporary.resolve("model.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("all-minilm-l6-v2.onnx"));
            zip.write(new byte[100]);
        }
        Path root = temporary.resolve("models");
        BuiltInModels models = new BuiltInModels(root, model -> jar);

        assertThatThrownBy(() -> models.resolve(BuiltInModel.named("minilm").orElseThrow()))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(jar.toString(), "SHA-256", "delete the jar");
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactly(root.resolve(".minilm.lock"));
        }
    }

    private Path model() throws IOException {
        Path model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        Safetensors.write(model.resolve("model.safetensors"), new ArrayWeights().with("a", new long[] {1}, 1f));
        return model;
    }

    private ModelStore store() {
        return new ModelStore(temporary.resolve("cache"), Map.of("PARLANCE_OFFLINE", "1"), ProgressListener.NONE);
    }

    private void assertRefused(String name, String... parts) {
        assertThatThrownBy(() -> store().resolve(name))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
