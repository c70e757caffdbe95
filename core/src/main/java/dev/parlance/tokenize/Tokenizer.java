package dev.parlance.tokenize;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into the ids that a model was trained on, with the place of each token in the text. Ids are those of Hugging
 * Face's tokenizers for the same tokenizer.json, whose own truncation and padding are ignored: texts are cut at their end
 * to the maximum length and never padded (see {@link Batch}).
 *
 * <p>Offsets count Java chars and never split a surrogate pair. A lone surrogate is read as U+FFFD; NUL and other control
 * characters are read as they stand (BERT's normalizer drops them); neither shifts offsets. Of a text of more than about
 * 24 chars per token of the maximum length only a beginning is tokenized, where the tokenizer's parts make sure that the
 * ids stay the same; {@link Encoding#truncatedTokens} then counts the tokens cut from that beginning.
 *
 * <p>Safe for concurrent use. Nothing is sent over the network.
 */
public final class Tokenizer implements AutoCloseable {
    private final TokenizersLibrary library = NativeTokenizers.library();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final SafeCut safeCut;
    private final int padTokenId;
    private final int vocabularySize;
    private final int maxLength;
    private long handle; // 0 once closed; guarded by the lock

    private Tokenizer(TokenizerFiles files, String json, int maxLength) {
        this.safeCut = new SafeCut(files);
        this.padTokenId = files.padTokenId();
        this.vocabularySize = files.vocabularySize();
        this.maxLength = maxLength;
        this.handle = library.createTokenizerFromString(json);
        library.disablePadding(handle);
        library.disableTruncation(handle);
    }

    /**
     * Reads the tokenizer of a model directory.
     *
     * @param directory holds tokenizer.json and, optionally, tokenizer_config.json
     * @param maxLength most tokens of an encoding, special tokens included; a lower {@code model_max_length} of
     *     tokenizer_config.json goes first
     * @throws UserError if the files are missing or malformed, or the length leaves no room for a token of the text
     */
    public static Tokenizer load(Path directory, int maxLength) {
        TokenizerFiles files = TokenizerFiles.read(directory);
        Path file = directory.resolve("tokenizer.json");
        Tokenizer tokenizer;
        try {
            tokenizer = new Tokenizer(files, Files.readString(file), Math.min(maxLength, files.modelMaxLength()));
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UserError(file + " is no tokenizer that can be used: " + e.getMessage(), e);
        }
        int special = tokenizer.specialTokens();
        if (tokenizer.maxLength <= special) {
            tokenizer.close();
            throw new UserError("the maximum length is " + tokenizer.maxLength + " tokens, but " + file + " adds "
                    + special + " special tokens to each text; expected at least " + (special + 1));
        }
        return tokenizer;
    }

    /** Encodes one text. */
    public Encoding encode(String text) {
        return encode(Example.of(text));
    }

    /** Encodes two texts as a pair; the longer one is cut first. */
    public Encoding encode(String text, String textPair) {
        return encode(new Example(text, textPair, null));
    }

    /** Encodes the text, or the pair, of an example. */
    public Encoding encode(Example example) {
        long length = firstCut();
        while (true) {
            Source source = Source.of(example, safeCut, length);
            Encoding encoding = encode(source);
            if (encoding != null) {
                return encoding;
            }
            length *= 4;
        }
    }

    /** Encodes many examples on all processors, in their order. */
    public List<Encoding> encodeAll(List<Example> examples) {
        List<Source> sources = examples.stream()
                .map(example -> Source.of(example, safeCut, firstCut()))
                .toList();
        @Nullable Encoding[] encodings = new @Nullable Encoding[sources.size()];
        encodeGroup(sources, false, encodings);
        encodeGroup(sources, true, encodings);
        List<Encoding> all = new ArrayList<>(encodings.length);
        for (int i = 0; i < encodings.length; i++) {
            Encoding encoding = encodings[i];
            all.add(encoding == null ? encode(examples.get(i)) : encoding);
        }
        return all;
    }

    /**
     * The text that ids stand for, as near as the tokenizer can tell.
     *
     * @param skipSpecialTokens whether to leave out tokens such as {@code [CLS]}
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        lock.readLock().lock();
        try {
            return library.decode(open(), Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The id that {@link Batch} pads with; 0 if the tokenizer has no padding token. */
    public int padTokenId() {
        return padTokenId;
    }

    /** Most tokens of an encoding, special tokens included. */
    public int maxLength() {
        return maxLength;
    }

    /** One more than the highest id, added tokens included. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Frees the native tokenizer once running calls are done; later calls fail. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private int specialTokens() {
        return encode("").length();
    }

    private long firstCut() {
        return 12L * maxLength + 64;
    }

    private long open() {
        if (handle == 0) {
            throw new IllegalStateException("the tokenizer is closed");
        }
        return handle;
    }

    private @Nullable Encoding encode(Source source) {
        return withPointer(
                () -> source.pair() == null
                        ? library.encode(open(), source.first().text(), true)
                        : library.encodeDual(
                                open(), source.first().text(), source.pair().text(), true),
                source);
    }

    private @Nullable Encoding withPointer(LongSupplier encode, Source source) {
        lock.readLock().lock();
        try {
            long pointer = encode.getAsLong();
            try {
                return read(pointer, source);
            } finally {
                library.deleteEncoding(pointer);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private void encodeGroup(List<Source> sources, boolean pairs, @Nullable Encoding[] encodings) {
        int[] rows = IntStream.range(0, sources.size())
                .filter(i -> (sources.get(i).pair() != null) == pairs)
                .toArray();
        if (rows.length == 0) {
            return;
        }
        String[] texts =
                Arrays.stream(rows).mapToObj(i -> sources.get(i).first().text()).toArray(String[]::new);
        lock.readLock().lock();
        try {
            long[] pointers = pairs
                    ? library.batchEncodePair(open(), texts, pairTexts(sources, rows), true)
                    : library.batchEncode(open(), texts, true);
            try {
                for (int i = 0; i < rows.length; i++) {
                    encodings[rows[i]] = read(pointers[i], sources.get(rows[i]));
                }
            } finally {
                Arrays.stream(pointers).forEach(library::deleteEncoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private static String[] pairTexts(List<Source> sources, int[] rows) {
        return Arrays.stream(rows)
                .mapToObj(i -> Objects.requireNonNull(sources.get(i).pair()).text())
                .toArray(String[]::new);
    }

    /** Copies a native encoding, cut to the maximum length; null if the source was cut too short to know. */
    private @Nullable Encoding read(long pointer, Source source) {
        long[] sequences = library.getSequenceIds(pointer);
        int first = (int) Arrays.stream(sequences).filter(id -> id == 0).count();
        int second = (int) Arrays.stream(sequences).filter(id -> id == 1).count();
        if (source.needsMore(first, second, maxLength)) {
            return null;
        }
        int budget = maxLength - (sequences.length - first - second);
        if (budget < 0 || (budget == 0 && first + second > 0)) {
            throw new UserError("the maximum length is " + maxLength + " tokens, but the tokenizer adds "
                    + (maxLength - budget) + " special tokens to a pair of texts; expected a higher maximum length");
        }
        Truncation kept = Truncation.longestFirst(first, second, budget);
        return copy(pointer, source, sequences, kept, first + second - kept.first() - kept.second());
    }

    private Encoding copy(long pointer, Source source, long[] sequences, Truncation kept, int truncated) {
        long[] ids = library.getTokenIds(pointer);
        long[] types = library.getTypeIds(pointer);
        long[] words = library.getWordIds(pointer);
        @Nullable CharSpan[] spans = library.getTokenCharSpans(pointer);
        int length = ids.length - truncated;
        Encoding encoding = new Encoding(
                new int[length],
                new int[length],
                new int[length],
                new int[length],
                new int[length],
                new int[length],
                truncated);
        int[] left = {kept.first(), kept.second()};
        int out = 0;
        for (int i = 0; i < ids.length; i++) {
            int sequence = (int) sequences[i];
            if (sequence >= 0 && left[sequence]-- <= 0) {
                continue;
            }
            encoding.inputIds()[out] = (int) ids[i];
            encoding.tokenTypeIds()[out] = (int) types[i];
            encoding.wordIds()[out] = (int) words[i];
            encoding.sequenceIds()[out] = sequence;
            CharSpan span = spans[i];
            if (sequence >= 0 && span != null) {
                UnicodeText text = source.sequence(sequence);
                encoding.starts()[out] = text.charOffset(span.getStart());
                encoding.ends()[out] = text.charOffset(span.getEnd());
            }
            out++;
        }
        return encoding;
    }

    /** What is given to the native library: one or two texts, perhaps only their beginnings. */
    private record Source(UnicodeText first, @Nullable UnicodeText pair, boolean firstIsCut, boolean pairIsCut) {
        static Source of(Example example, SafeCut cut, long length) {
            String text = example.text();
            String pair = example.textPair();
            // With both cut, which one is longer would be unknown, and so which one keeps the odd token.
            boolean bothLong = pair != null && text.length() > 2 * length && pair.length() > 2 * length;
            String first = bothLong ? text : beginning(text, cut, length);
            String second = pair == null || bothLong ? pair : beginning(pair, cut, length);
            return new Source(
                    UnicodeText.of(first),
                    second == null ? null : UnicodeText.of(second),
                    first.length() < text.length(),
                    pair != null && second != null && second.length() < pair.length());
        }

        private static String beginning(String text, SafeCut cut, long length) {
            return text.length() <= 2 * length ? text : text.substring(0, cut.at(text, (int) length));
        }

        /** Whether a cut text gave too few tokens to know the first ones of the whole. */
        boolean needsMore(int firstTokens, int secondTokens, int maxLength) {
            return (firstIsCut && (firstTokens < maxLength || firstTokens <= secondTokens))
                    || (pairIsCut && (secondTokens < maxLength || secondTokens <= firstTokens));
        }

        UnicodeText sequence(int id) {
            return id == 0 || pair == null ? first : pair;
        }
    }
}
