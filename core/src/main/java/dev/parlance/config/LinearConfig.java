package dev.parlance.config;

import java.util.Optional;

/**
 * The linear model, {@code --model linear}: TF-IDF of word and character n-grams and multinomial logistic regression. Names
 * and meanings are scikit-learn's, of {@code TfidfVectorizer} and {@code LogisticRegression}.
 *
 * @param c inverse strength of the L2 penalty; -1 ({@link #AUTO}) takes the one of a small grid that scores best on the
 *     validation data
 * @param wordNgramRange shortest and longest n-gram of words, such as {@code 1,2}; {@code none} for none
 * @param charNgramRange shortest and longest n-gram of characters within a word and the spaces around it
 *     ({@code analyzer="char_wb"}), such as {@code 2,5}; {@code none} for none
 * @param maxFeatures most n-grams of each kind; the most frequent ones are kept
 * @param minDf fewest texts that an n-gram must occur in
 * @param sublinearTf whether {@code 1 + ln(count)} stands for the count of an n-gram in a text
 * @param lowercase whether case is ignored
 * @param tol the fit ends when no element of the gradient of the mean loss is larger
 * @param maxIter most Newton steps for one value of {@code c}
 * @param maxWeights most labels x features; with more, fewer features are kept
 */
public record LinearConfig(
        double c,
        String wordNgramRange,
        String charNgramRange,
        int maxFeatures,
        int minDf,
        boolean sublinearTf,
        boolean lowercase,
        double tol,
        int maxIter,
        int maxWeights) {
    /** What {@code model.model_name_or_path} is for this model. */
    public static final String MODEL = "linear";
    /** The strength that a run replaces by one chosen on the validation data. */
    public static final double AUTO = -1;

    /** Words and pairs of them, two to five characters, up to 200,000 of each kind. */
    public static LinearConfig defaults() {
        return new LinearConfig(AUTO, "1,2", "2,5", 200_000, 2, true, true, 1e-5, 100, 40_000_000);
    }

    public LinearConfig {
        if (c != AUTO) {
            Check.range("linear.c", c, 1e-9, 1e9);
        }
        Optional<NgramRange> words = NgramRange.parse("linear.word_ngram_range", wordNgramRange);
        Optional<NgramRange> chars = NgramRange.parse("linear.char_ngram_range", charNgramRange);
        if (words.isEmpty() && chars.isEmpty()) {
            throw new UserError("linear.word_ngram_range and linear.char_ngram_range are both none, expected n-grams of"
                    + " at least one kind");
        }
        Check.range("linear.max_features", maxFeatures, 1, 10_000_000);
        Check.range("linear.min_df", minDf, 1, 1_000_000);
        Check.range("linear.tol", tol, 1e-12, 1);
        Check.range("linear.max_iter", maxIter, 1, 100_000);
        Check.range("linear.max_weights", maxWeights, 1, 500_000_000);
    }

    /** The lengths of word n-grams; empty for none. */
    public Optional<NgramRange> words() {
        return NgramRange.parse("linear.word_ngram_range", wordNgramRange);
    }

    /** The lengths of character n-grams; empty for none. */
    public Optional<NgramRange> chars() {
        return NgramRange.parse("linear.char_ngram_range", charNgramRange);
    }
}
