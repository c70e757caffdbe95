package dev.parlance.linear;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.parlance.config.NgramRange;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code vocabulary.jsonl}: a line {@code ["parlance-tfidf",1,documents,lowercase,sublinear_tf]}, then for each kind a line
 * {@code ["word","1,2",size]} and as many lines {@code ["n-gram",texts with it]}, in the order of the ids. Read as a stream
 * and never beyond the sizes that it declares.
 */
final class VocabularyFile {
    private static final String FORMAT = "parlance-tfidf";
    private static final int VERSION = 1;
    private static final int MAX_FEATURES = 20_000_000;
    private static final int MAX_NGRAM_CHARS = 10_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_NGRAM_CHARS)
                    .maxNestingDepth(4)
                    .build())
            .build();

    private final Path file;
    private final JsonParser parser;

    private VocabularyFile(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static void write(Path file, TfIdf tfIdf) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW);
                JsonGenerator json = JSON.createGenerator(writer)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            TfIdf.Settings settings = tfIdf.settings();
            json.writeStartArray();
            json.writeString(FORMAT);
            json.writeNumber(VERSION);
            json.writeNumber(settings.documents());
            json.writeBoolean(settings.lowercase());
            json.writeBoolean(settings.sublinearTf());
            json.writeEndArray();
            for (TfIdf.Part part : tfIdf.parts()) {
                write(json, part);
            }
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, TfIdf.Part part) throws IOException {
        Vocabulary vocabulary = part.vocabulary();
        json.writeStartArray();
        json.writeString(part.kind());
        json.writeString(part.ngrams().range().toString());
        json.writeNumber(vocabulary.size());
        json.writeEndArray();
        for (int id = 0; id < vocabulary.size(); id++) {
            json.writeStartArray();
            json.writeString(vocabulary.term(id));
            json.writeNumber(vocabulary.texts(id));
            json.writeEndArray();
        }
    }

    static TfIdf read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is missing, expected the vocabulary of a linear model");
        }
        try (JsonParser parser = JSON.createParser(Files.newBufferedReader(file))) {
            return new VocabularyFile(file, parser).read();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + " is no valid JSON: " + e.getOriginalMessage() + "; copy the model again or train it again",
                    e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }

    private TfIdf read() throws IOException {
        expect(JsonToken.START_ARRAY);
        String format = text();
        int version = number(0, Integer.MAX_VALUE);
        if (!format.equals(FORMAT) || version != VERSION) {
            throw new UserError(file + " has format " + format + " " + version + ", expected " + FORMAT + " " + VERSION
                    + "; use the version of Parlance that wrote it");
        }
        TfIdf.Settings settings = new TfIdf.Settings(number(1, Integer.MAX_VALUE), bool(), bool());
        expect(JsonToken.END_ARRAY);
        List<TfIdf.Part> parts = new ArrayList<>();
        int size = 0;
        while (parser.nextToken() != null) {
            TfIdf.Part part = part(settings, size);
            parts.add(part);
            size += part.vocabulary().size();
        }
        if (size == 0) {
            throw new UserError(file + " has no n-gram, expected at least one; copy the model again or train it again");
        }
        return new TfIdf(settings, parts);
    }

    private TfIdf.Part part(TfIdf.Settings settings, int firstId) throws IOException {
        check(parser.currentToken() == JsonToken.START_ARRAY, "the line of a kind of n-grams");
        String kind = text();
        check(kind.equals(Feature.WORD) || kind.equals(Feature.CHAR), "word or char");
        NgramRange range =
                NgramRange.parse(file + ": the range of " + kind, text()).orElseThrow(() -> malformed("a range"));
        int size = number(0, MAX_FEATURES - firstId);
        expect(JsonToken.END_ARRAY);
        List<String> terms = new ArrayList<>();
        int[] texts = new int[size];
        for (int id = 0; id < size; id++) {
            expect(JsonToken.START_ARRAY);
            terms.add(text());
            texts[id] = number(1, settings.documents());
            expect(JsonToken.END_ARRAY);
        }
        return TfIdf.Part.of(
                kind, TfIdf.ngrams(kind, range), new Vocabulary(terms, texts), firstId, settings.documents());
    }

    private String text() throws IOException {
        expect(JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private int number(int low, int high) throws IOException {
        expect(JsonToken.VALUE_NUMBER_INT);
        long value = parser.getLongValue();
        check(value >= low && value <= high, "a whole number from " + low + " to " + high);
        return (int) value;
    }

    private boolean bool() throws IOException {
        check(parser.nextToken().isBoolean(), "true or false");
        return parser.getBooleanValue();
    }

    private void expect(JsonToken token) throws IOException {
        check(parser.nextToken() == token, token.toString());
    }

    private void check(boolean fits, String expected) {
        if (!fits) {
            throw malformed(expected);
        }
    }

    private UserError malformed(String expected) {
        return new UserError(file + " line " + parser.currentLocation().getLineNr() + " has something else than "
                + expected + "; copy the model again or train it again");
    }
}
