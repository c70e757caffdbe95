package dev.parlance.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.parlance.data.Example;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, type ids and offsets against Hugging Face's tokenizers 0.23.3, exactly: see runs/reference/tokenizer_fuzz.py. */
class TokenizerFuzzTest {
    private static final int TEXTS = 10_000;
    private static final int MAX_LENGTH = 48;

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "bytelevel", "unigram"})
    void encodes_ten_thousand_strings_like_the_reference(String name) {
        assertThat(differences(Fixtures.directory(name), name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "minilm, all-minilm-l6-v2, all-minilm-l6-v2-tokenizer.json",
        "bge-small-zh, bge-small-zh-v15, bge-small-zh-v1.5-tokenizer.json"
    })
    void encodes_like_the_reference_with_published_vocabularies(
            String name, String artifact, String entry, @TempDir Path directory) throws IOException {
        Path jar = Path.of(
                System.getProperty("user.home"),
                ".m2/repository/dev/langchain4j/langchain4j-embeddings-" + artifact,
                "1.19.0-beta29/langchain4j-embeddings-" + artifact + "-1.19.0-beta29.jar");
        if (!Files.exists(jar)) {
            abort(jar + " has not been fetched, so its tokenizer is not checked");
        }
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.copy(zip.getPath(entry), directory.resolve("tokenizer.json"));
        }
        assertThat(differences(directory, name)).isEmpty();
    }

    private static List<String> differences(Path directory, String name) {
        List<String> texts = FuzzText.texts(TEXTS);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            examples.add(new Example(texts.get(i), i % 4 == 3 ? texts.get(i - 1) : null, null));
        }
        ByteBuffer expected = ByteBuffer.wrap(resource("fuzz/" + name + ".crc"));
        List<String> differences = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(directory, MAX_LENGTH)) {
            List<Encoding> encodings = tokenizer.encodeAll(examples);
            for (int i = 0; i < TEXTS; i++) {
                if (crc(encodings.get(i)) != expected.getInt(4 * i)) {
                    differences.add(i + ": " + escaped(texts.get(i)));
                }
            }
        }
        return differences;
    }

    private static int crc(Encoding encoding) {
        ByteBuffer bytes = ByteBuffer.allocate(16 * encoding.length()).order(ByteOrder.LITTLE_ENDIAN);
        for (int[] numbers :
                List.of(encoding.inputIds(), encoding.tokenTypeIds(), encoding.starts(), encoding.ends())) {
            for (int number : numbers) {
                bytes.putInt(number);
            }
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.array());
        return (int) crc.getValue();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c >= ' ' && c < 127 ? (char) c : String.format("\\u%04X", c)));
        return escaped.toString();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(TokenizerFuzzTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
