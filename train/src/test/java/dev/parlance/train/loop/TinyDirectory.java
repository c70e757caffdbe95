package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.data.Example;
import dev.parlance.train.encoder.Architecture;
import dev.parlance.train.head.TinyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The tiny models of src/test/resources with a tokenizer of as many words as they know, and texts made of these words.
 * Which label a text has shows in its words, so that even a model of this size can learn it.
 */
final class TinyDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<List<String>> WORDS = List.of(
            List.of("cat", "dog", "horse", "wolf", "mouse", "sheep", "otter", "crane"),
            List.of("bread", "rice", "soup", "apple", "noodle", "cheese", "plum", "salt"),
            List.of("saw", "hammer", "drill", "chisel", "rope", "nail", "file", "axe"));
    private static final List<String> FILLERS =
            List.of("the", "a", "is", "and", "of", "with", "on", "very", "some", "old", "new", ".");

    /** The labels in the order of the outputs. */
    static final List<String> LABELS = List.of("animal", "food", "tool");

    private TinyDirectory() {}

    /** Makes the directory of a model that {@code FineTuning} can start from. */
    static Path create(Path directory, Architecture architecture) {
        Path source = TinyModel.of(architecture.modelType()).directory();
        try {
            Files.createDirectories(directory);
            for (String name : List.of("config.json", "model.safetensors")) {
                Files.copy(source.resolve(name), directory.resolve(name));
            }
            JSON.writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer(isRobertaLike(architecture)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the directory of the tiny BERT. */
    static Path bert(Path directory) {
        return create(directory, Architecture.BERT);
    }

    /** Texts of four to eight words, three labels in turn; the same for the same seed. */
    static List<Example> examples(int count, long seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % LABELS.size();
            List<String> words = new ArrayList<>();
            int pairs = 2 + random.nextInt(3);
            for (int word = 0; word < pairs; word++) {
                words.add(FILLERS.get(random.nextInt(FILLERS.size())));
                words.add(WORDS.get(label).get(random.nextInt(8)));
            }
            examples.add(Example.of(String.join(" ", words), LABELS.get(label)));
        }
        return examples;
    }

    /** Writes examples as a CSV file with a header. */
    static Path write(Path file, List<Example> examples) {
        StringBuilder csv = new StringBuilder("text,label\n");
        examples.forEach(example -> csv.append(example.text())
                .append(',')
                .append(example.goldLabel())
                .append('\n'));
        try {
            return Files.writeString(file, csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRobertaLike(Architecture architecture) {
        return architecture.prefix().startsWith("roberta");
    }

    private static ObjectNode tokenizer(boolean roberta) {
        List<String> special =
                roberta ? List.of("<s>", "<pad>", "</s>", "<unk>") : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");
        String first = roberta ? "<s>" : "[CLS]";
        String last = roberta ? "</s>" : "[SEP]";
        List<String> vocabulary = new ArrayList<>(special);
        WORDS.forEach(vocabulary::addAll);
        vocabulary.addAll(FILLERS);
        ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = tokenizer.putArray("added_tokens");
        special.forEach(token -> added.addObject()
                .put("id", vocabulary.indexOf(token))
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        tokenizer.putObject("normalizer").put("type", "Lowercase");
        tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
        ObjectNode post = tokenizer.putObject("post_processor").put("type", "TemplateProcessing");
        special(sequence(special(post.putArray("single"), first), "A"), last);
        special(sequence(special(sequence(special(post.putArray("pair"), first), "A"), last), "B"), last);
        ObjectNode used = post.putObject("special_tokens");
        for (String token : List.of(first, last)) {
            ObjectNode entry = used.putObject(token).put("id", token);
            entry.putArray("ids").add(vocabulary.indexOf(token));
            entry.putArray("tokens").add(token);
        }
        ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(token -> ids.put(token, vocabulary.indexOf(token)));
        model.put("unk_token", roberta ? "<unk>" : "[UNK]");
        return tokenizer;
    }

    private static ArrayNode special(ArrayNode template, String token) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        return template;
    }

    private static ArrayNode sequence(ArrayNode template, String id) {
        template.addObject().putObject("Sequence").put("id", id).put("type_id", 0);
        return template;
    }
}
