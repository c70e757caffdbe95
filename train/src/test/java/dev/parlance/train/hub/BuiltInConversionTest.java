package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.task.Pooling;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an artifact of 5 kB that has the form of the real ones. */
class BuiltInConversionTest {
    private static final String TOKENIZER = """
            {"version":"1.0",
             "truncation":{"direction":"Right","max_length":128,"strategy":"LongestFirst","stride":0},
             "padding":{"strategy":{"Fixed":128},"direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"},
             "added_tokens":[{"id":0,"content":"[PAD]","normalized":false,"special":true}],
             "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
                           "strip_accents":null,"lowercase":false},
             "model":{"type":"WordPiece","vocab":{"[PAD]":0,"好":2,"[UNK]":1,"[CLS]":3,"[SEP]":4,"[MASK]":5}}}
            """;

    @TempDir
    private Path temporary;

    private final AtomicInteger fetches = new AtomicInteger();
    private byte[] onnx = {};

    @BeforeEach
    void makeArtifact() throws IOException {
        try (InputStream in = Safetensors.class.getResourceAsStream("tiny-bert.onnx")) {
            onnx = Objects.requireNonNull(in).readAllBytes();
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temporary.resolve("tiny.jar")))) {
            zip.putNextEntry(new ZipEntry("tiny.onnx"));
            zip.write(onnx);
            zip.putNextEntry(new ZipEntry("tiny-tokenizer.json"));
            zip.write(TOKENIZER.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void resets_truncation_and_padding_and_keeps_the_rest() throws IOException {
        Path directory = models().resolve(model());

        JsonNode tokenizer = json(directory.resolve("tokenizer.json"));
        assertThat(tokenizer.get("truncation").isNull()).isTrue();
        assertThat(tokenizer.get("padding").isNull()).isTrue();
        assertThat(tokenizer.path("model").path("vocab").path("好").asInt()).isEqualTo(2);
        assertThat(directory.resolve("vocab.txt")).hasContent("[PAD]\n[UNK]\n好\n[CLS]\n[SEP]\n[MASK]\n");
        JsonNode config = json(directory.resolve("tokenizer_config.json"));
        assertThat(config.get("do_lower_case").asBoolean()).isFalse();
        assertThat(config.get("strip_accents").isNull()).isTrue();
        assertThat(config.get("model_max_length").asInt()).isEqualTo(3);
        assertThat(config.get("tokenizer_class").asText()).isEqualTo("BertTokenizer");
        assertThat(config.path("added_tokens_decoder").path("0").path("content").asText())
                .isEqualTo("[PAD]");
        assertThat(json(directory.resolve("special_tokens_map.json"))
                        .path("mask_token")
                        .asText())
                .isEqualTo("[MASK]");
        assertThat(json(directory.resolve("config.json"))
                        .get("num_attention_heads")
                        .asInt())
                .isEqualTo(2);
        assertThat(directory.resolve("README.md")).content().contains("license: mit", "example/tiny");
        assertThat(directory.resolve("model.onnx")).doesNotExist();
    }

    @Test
    void converts_once_and_again_when_a_file_is_gone_or_the_format_is_another() throws IOException {
        Path directory = models().resolve(model());
        models().resolve(model());
        assertThat(fetches).hasValue(1);

        Files.delete(directory.resolve("vocab.txt"));
        models().resolve(model());
        assertThat(directory.resolve("vocab.txt")).exists();
        assertThat(fetches).hasValue(2);

        Path source = directory.resolve("source.json");
        Files.writeString(source, Files.readString(source).replace("\"format\" : 2", "\"format\" : 0"));
        models().resolve(model());
        assertThat(fetches).hasValue(3);
        assertThat(source).content().contains("\"format\" : 2");
    }

    @Test
    void threads_get_one_whole_directory_and_leftovers_go() throws Exception {
        Path leftover = Files.createDirectories(temporary.resolve("models/.tiny.tmp-of-a-killed-process"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> resolve = () -> models().resolve(model());
            for (Future<Path> result : threads.invokeAll(List.of(resolve, resolve, resolve, resolve))) {
                assertThat(result.get().resolve("model.safetensors")).exists();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(leftover).doesNotExist();
        try (Stream<Path> files = Files.list(temporary.resolve("models"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("tiny", ".tiny.lock");
        }
    }

    private BuiltInModels models() {
        return new BuiltInModels(temporary.resolve("models"), model -> {
            fetches.incrementAndGet();
            return temporary.resolve("tiny.jar");
        });
    }

    private BuiltInModel model() {
        return new BuiltInModel(
                "tiny",
                "example",
                "tiny",
                "1",
                "example/tiny",
                "MIT",
                List.of("zh"),
                252,
                1,
                4,
                "tiny",
                Checksums.sha256(onnx),
                Checksums.sha256(TOKENIZER.getBytes(StandardCharsets.UTF_8)),
                16,
                Pooling.CLS,
                Map.of("query", "find: "));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
