package dev.parlance.linear;

import dev.parlance.config.LinearConfig;
import dev.parlance.config.NgramRange;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Turns a text into TF-IDF weights of its n-grams, as scikit-learn's {@code TfidfVectorizer} does with
 * {@code smooth_idf=True, norm="l2"}: {@code count x (ln((1 + texts) / (1 + texts with it)) + 1)}, for each kind of n-gram
 * divided by its Euclidean length. Two texts of a pair count as one. Immutable, safe for concurrent use.
 */
public final class TfIdf {
    /** The file that {@link #write} makes in a directory. */
    public static final String FILE = "vocabulary.jsonl";

    private static final int TASK = 32;

    /**
     * How texts are read.
     *
     * @param documents texts that the vocabulary was made of
     * @param lowercase whether case is ignored
     * @param sublinearTf whether {@code 1 + ln(count)} stands for the count
     */
    record Settings(int documents, boolean lowercase, boolean sublinearTf) {}

    private final Settings settings;
    private final List<Part> parts;
    private final int size;

    /** A kind of n-gram. Its features have the ids from {@code firstId} on. */
    record Part(String kind, Ngrams ngrams, Vocabulary vocabulary, int firstId, double[] idf) {
        static Part of(String kind, Ngrams ngrams, Vocabulary vocabulary, int firstId, int documents) {
            double[] idf = new double[vocabulary.size()];
            for (int id = 0; id < idf.length; id++) {
                idf[id] = Math.log((1.0 + documents) / (1.0 + vocabulary.texts(id))) + 1;
            }
            return new Part(kind, ngrams, vocabulary, firstId, idf);
        }
    }

    TfIdf(Settings settings, List<Part> parts) {
        this.settings = settings;
        this.parts = List.copyOf(parts);
        this.size = parts.stream().mapToInt(part -> part.vocabulary().size()).sum();
    }

    /**
     * Finds the features of some texts.
     *
     * @param examples to learn from; their labels are not looked at
     * @param labels how many labels the features are to tell apart, which bounds their number by
     *     {@code linear.max_weights}
     * @throws UserError if no n-gram is frequent enough
     */
    public static TfIdf fit(List<Example> examples, LinearConfig config, int labels, Parallel parallel) {
        List<String> texts = examples.stream()
                .map(example -> text(example, config.lowercase()))
                .toList();
        Settings settings = new Settings(texts.size(), config.lowercase(), config.sublinearTf());
        List<Ngrams> kinds = kinds(config);
        int most = Math.min(config.maxFeatures(), Math.max(1, config.maxWeights() / labels / kinds.size()));
        List<Part> parts = new ArrayList<>();
        int firstId = 0;
        for (Ngrams ngrams : kinds) {
            Vocabulary vocabulary = new VocabularyBuilder(ngrams, texts, parallel).build(config.minDf(), most);
            parts.add(Part.of(kind(ngrams), ngrams, vocabulary, firstId, texts.size()));
            firstId += vocabulary.size();
        }
        if (firstId == 0) {
            throw new UserError("no n-gram occurs in at least " + config.minDf() + " of the " + texts.size()
                    + " training texts, expected some; lower linear.min_df or widen linear.char_ngram_range");
        }
        return new TfIdf(settings, parts);
    }

    private static List<Ngrams> kinds(LinearConfig config) {
        List<Ngrams> kinds = new ArrayList<>();
        config.words().map(WordNgrams::new).ifPresent(kinds::add);
        config.chars().map(CharNgrams::new).ifPresent(kinds::add);
        return kinds;
    }

    static Ngrams ngrams(String kind, NgramRange range) {
        return kind.equals(Feature.WORD) ? new WordNgrams(range) : new CharNgrams(range);
    }

    private static String kind(Ngrams ngrams) {
        return ngrams instanceof WordNgrams ? Feature.WORD : Feature.CHAR;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UserError if the file is missing or malformed
     */
    public static TfIdf load(Path directory) {
        return VocabularyFile.read(directory.resolve(FILE));
    }

    /** Writes {@value #FILE} into the directory, which must not have it yet. */
    public void write(Path directory) throws IOException {
        VocabularyFile.write(directory.resolve(FILE), this);
    }

    /** How many features there are; their ids are 0 to {@code size() - 1}. */
    public int size() {
        return size;
    }

    /** What a feature counts. */
    public Feature feature(int id) {
        for (Part part : parts) {
            if (id - part.firstId() < part.vocabulary().size()) {
                return new Feature(part.kind(), part.vocabulary().term(id - part.firstId()));
            }
        }
        throw new IndexOutOfBoundsException("feature " + id + " of " + size);
    }

    Settings settings() {
        return settings;
    }

    List<Part> parts() {
        return parts;
    }

    /** The features of a text; none if it has no known n-gram. */
    public FeatureVector transform(String text) {
        return new Counter().transform(settings.lowercase() ? lowercase(text) : text);
    }

    /** The features of many examples, in their order. */
    public List<FeatureVector> transformAll(List<Example> examples, Parallel parallel) {
        FeatureVector[] features = new FeatureVector[examples.size()];
        parallel.run((features.length + TASK - 1) / TASK, task -> {
            Counter counter = new Counter();
            for (int i = task * TASK; i < Math.min(features.length, (task + 1) * TASK); i++) {
                features[i] = counter.transform(text(examples.get(i), settings.lowercase()));
            }
        });
        return Arrays.asList(features);
    }

    private static String text(Example example, boolean lowercase) {
        String text = example.textPair() == null ? example.text() : example.text() + "\n" + example.textPair();
        return lowercase ? lowercase(text) : text;
    }

    private static String lowercase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Counts features of one text after the other. */
    private final class Counter {
        private final OpenCounts counts = new OpenCounts();
        private int[] ids = new int[256];
        private float[] values = new float[256];
        private int length;

        FeatureVector transform(String text) {
            length = 0;
            for (Part part : parts) {
                counts.clear();
                part.ngrams().of(text, (hash, codePoints, start, end) -> {
                    int id = part.vocabulary().id(hash);
                    if (id >= 0) {
                        counts.increment(id);
                    }
                });
                append(part);
            }
            return new FeatureVector(Arrays.copyOf(ids, length), Arrays.copyOf(values, length));
        }

        private void append(Part part) {
            int[] present = counts.sortedKeys();
            double[] weights = new double[present.length];
            double squares = 0;
            for (int i = 0; i < present.length; i++) {
                int count = counts.count(present[i]);
                double tf = settings.sublinearTf() ? 1 + Math.log(count) : count;
                weights[i] = tf * part.idf()[present[i]];
                squares += weights[i] * weights[i];
            }
            if (length + present.length > ids.length) {
                ids = Arrays.copyOf(ids, 2 * (length + present.length));
                values = Arrays.copyOf(values, ids.length);
            }
            double norm = Math.sqrt(squares);
            for (int i = 0; i < present.length; i++) {
                ids[length] = part.firstId() + present[i];
                values[length++] = (float) (weights[i] / norm);
            }
        }
    }
}
