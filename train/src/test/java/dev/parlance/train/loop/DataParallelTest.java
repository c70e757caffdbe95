package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.data.Example;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.head.TinyModel;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataParallelTest {
    private static final int TEXTS = 48;
    private static final TextClassification TASK = new TextClassification(TinyDirectory.LABELS);

    @TempDir
    static Path directory;

    private static @Nullable Tokenizer tokenizer;
    private static @Nullable Features features;

    @BeforeAll
    static void tokenize() {
        Torch.initialize(1, false);
        tokenizer = Tokenizer.load(TinyDirectory.bert(directory.resolve("bert")), 200);
        features = Features.of(TinyDirectory.examples(TEXTS, 3), TASK, tokenizer);
    }

    @AfterAll
    static void close() {
        Objects.requireNonNull(tokenizer).close();
    }

    /** A mean loss and all gradients, one after the other in the order of the parameters. */
    private record Result(double loss, float[] gradients) {}

    @ParameterizedTest
    @CsvSource({
        "2, 16, 0.0, false",
        "3, 16, 0.0, false",
        "2, 16, 0.1, false",
        "2, 16, 0.0, true",
        "3, 17, 0.2, true",
        "3, 2, 0.0, false", // fewer texts than workers
        "3, 2, 0.2, true",
        "2, 1, 0.1, true",
    })
    void several_workers_compute_what_one_computes(int workers, int batchSize, double smoothing, boolean weighted) {
        TrainingArguments arguments = arguments(smoothing);
        float[] weights = weighted ? new float[] {0.4f, 1, 2.5f} : null;
        int[] batch = IntStream.range(5, 5 + batchSize).toArray();
        Result one = gradients(1, arguments, weights, batch, 0, 1);
        Result several = gradients(workers, arguments, weights, batch, 0, 1);
        assertThat(several.loss()).isCloseTo(one.loss(), within(1e-6 * one.loss()));
        assertThat(norm(one.gradients())).isGreaterThan(1e-3);
        assertThat(distance(several.gradients(), one.gradients())).isLessThan(1e-6 * norm(one.gradients()));
    }

    @Test
    void accumulated_batches_give_the_gradients_of_one_batch_of_all() {
        float[] weights = {0.4f, 1, 2.5f};
        int[] all = IntStream.range(0, 21).toArray();
        List<int[]> parts =
                List.of(Arrays.copyOfRange(all, 0, 8), Arrays.copyOfRange(all, 8, 16), new int[] {16, 17, 18, 19, 20});
        Result one = gradients(2, arguments(0.1), weights, all, 0, 1);
        Result accumulated = gradients(2, arguments(0.1), weights, parts, 0, 1);
        assertThat(accumulated.loss()).isCloseTo(one.loss(), within(1e-6 * one.loss()));
        assertThat(distance(accumulated.gradients(), one.gradients())).isLessThan(1e-6 * norm(one.gradients()));
    }

    @Test
    void each_accumulated_batch_has_dropout_of_its_own() {
        int[] same = {1, 2, 3, 4};
        Result twice = gradients(1, arguments(0), null, List.of(same, same), 0.3, 7);
        Result once = gradients(1, arguments(0), null, same, 0.3, 7);
        assertThat(distance(twice.gradients(), once.gradients())).isGreaterThan(1e-3 * norm(once.gradients()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void the_same_number_of_workers_gives_the_same_bits(int workers) {
        int[] batch = IntStream.range(0, 16).toArray();
        Result first = gradients(workers, arguments(0), null, batch, 0.1, 7);
        Result again = gradients(workers, arguments(0), null, batch, 0.1, 7);
        Result other = gradients(workers, arguments(0), null, batch, 0.1, 8);
        assertThat(again.gradients()).isEqualTo(first.gradients());
        assertThat(again.loss()).isEqualTo(first.loss());
        assertThat(other.gradients()).isNotEqualTo(first.gradients());
    }

    @Test
    void workers_draw_dropout_masks_of_their_own() {
        int[] same = {4, 4}; // the same text for both workers
        Result two = gradients(2, arguments(0), null, same, 0.3, 7);
        Result one = gradients(1, arguments(0), null, new int[] {4}, 0.3, 14); // the seed of the first of two workers
        assertThat(two.loss()).isNotCloseTo(one.loss(), within(1e-6));
    }

    @Test
    void replicas_see_new_weights() {
        try (SequenceClassifier model = model(0);
                SequenceClassifier replica = model.replica();
                TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            model.namedParameters().forEach((name, parameter) -> {
                Tensor twin = Objects.requireNonNull(replica.namedParameters().get(name));
                parameter.addInPlace(parameter.zerosLike().fillInPlace(1), 0.5);
                assertThat(twin.toFloats()).as(name).isEqualTo(parameter.toFloats());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void frozen_parameters_get_no_gradient_and_the_others_theirs(int workers) {
        int[] batch = IntStream.range(0, 16).toArray();
        Map<String, float[]> all = named(workers, batch, name -> false);
        Map<String, float[]> some = named(workers, batch, name -> name.contains("embeddings"));
        assertThat(some.keySet()).noneMatch(name -> name.contains("embeddings"));
        assertThat(some).hasSizeBetween(10, all.size() - 1);
        some.forEach((name, gradient) -> assertThat(gradient).as(name).isEqualTo(all.get(name)));
    }

    private static Map<String, float[]> named(int workers, int[] batch, Predicate<String> isFrozen) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (SequenceClassifier model = model(0);
                Workers threads = new Workers(workers);
                DataParallel parallel = new DataParallel(model, threads, arguments(0), false, null);
                TensorScope scope = TensorScope.open()) {
            parallel.freeze(isFrozen);
            parallel.gradients(features(), batch, 1);
            model.namedParameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.grad();
                if (gradient != null) {
                    gradients.put(name, gradient.toFloats());
                }
            });
        }
        return gradients;
    }

    @Test
    void closing_the_replicas_leaves_the_model_usable() {
        int[] batch = {0, 1, 2};
        try (SequenceClassifier model = model(0);
                Workers workers = new Workers(2)) {
            double before;
            try (DataParallel parallel = new DataParallel(model, workers, arguments(0), false, null)) {
                before = parallel.gradients(features(), batch, 1);
            }
            model.namedParameters().values().forEach(Tensor::clearGrad);
            try (DataParallel parallel = new DataParallel(model, workers, arguments(0), false, null)) {
                assertThat(parallel.gradients(features(), batch, 1)).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 32", "2, 32", "3, 32", "4, 64", "8, 64", "4, 3", "2, 1"})
    void shares_take_every_text_once_and_the_largest_is_small(int count, int texts) {
        Random random = new Random(texts);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            examples.add(Example.of("cat ".repeat(3 + (int) Math.abs(30 * random.nextGaussian())), "animal"));
        }
        Features lengths = Features.of(examples, TASK, Objects.requireNonNull(tokenizer));
        int[] batch = random.ints(0, 100).distinct().limit(texts).toArray();
        List<int[]> shares = DataParallel.shares(lengths, batch, count);
        assertThat(shares).hasSizeBetween(1, count).allSatisfy(share -> assertThat(share)
                .isNotEmpty());
        assertThat(shares.stream().flatMapToInt(Arrays::stream).toArray()).containsExactlyInAnyOrder(batch);
        long largest = largest(lengths, shares);
        int[] sorted = shares.stream().flatMapToInt(Arrays::stream).toArray();
        for (int cut = 1; count == 2 && cut < texts; cut++) { // no cut in two has a smaller largest share
            List<int[]> other = List.of(Arrays.copyOf(sorted, cut), Arrays.copyOfRange(sorted, cut, texts));
            assertThat(largest(lengths, other)).isGreaterThanOrEqualTo(largest);
        }
        long real = Arrays.stream(batch).mapToLong(lengths::length).sum();
        assertThat(largest).isLessThan((count == 1 ? 4 : 2) * Math.max(real / count, lengths.length(sorted[0])));
    }

    @Test
    void shares_of_like_lengths_have_like_sizes() {
        int[] batch = IntStream.range(0, 32).toArray();
        List<Example> examples = Collections.nCopies(32, Example.of("the cat", "animal"));
        Features lengths = Features.of(examples, TASK, Objects.requireNonNull(tokenizer));
        assertThat(DataParallel.shares(lengths, batch, 3).stream().map(share -> share.length))
                .containsExactly(11, 11, 10);
    }

    private static long largest(Features lengths, List<int[]> shares) {
        return shares.stream()
                .mapToLong(share -> (long) share.length * lengths.length(share[0]))
                .max()
                .orElseThrow();
    }

    private static Features features() {
        return Objects.requireNonNull(features);
    }

    private static TrainingArguments arguments(double smoothing) {
        return RunConfig.defaults()
                .with("training.label_smoothing_factor", smoothing)
                .training();
    }

    private static SequenceClassifier model(double dropout) {
        TinyModel tiny = TinyModel.of("bert");
        EncoderConfig config = tiny.config().withDropout(dropout);
        try (Safetensors weights = tiny.weights()) {
            return SequenceClassifier.load(config, 3, weights, "tiny", false, 1).model();
        }
    }

    private static Result gradients(
            int count,
            TrainingArguments arguments,
            float @Nullable [] weights,
            int[] batch,
            double dropout,
            long seed) {
        return gradients(count, arguments, weights, List.of(batch), dropout, seed);
    }

    private static Result gradients(
            int count,
            TrainingArguments arguments,
            float @Nullable [] weights,
            List<int[]> batches,
            double dropout,
            long seed) {
        try (SequenceClassifier model = model(dropout);
                Workers workers = new Workers(count);
                DataParallel parallel = new DataParallel(model, workers, arguments, false, weights);
                TensorScope scope = TensorScope.open()) {
            double loss = parallel.gradients(features(), batches, seed);
            List<float[]> parts = new ArrayList<>();
            model.namedParameters()
                    .forEach((name, parameter) -> parts.add(
                            Objects.requireNonNull(parameter.grad(), name).toFloats()));
            float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
            int at = 0;
            for (float[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return new Result(loss, all);
        }
    }

    private static double norm(float[] values) {
        return distance(values, new float[values.length]);
    }

    private static double distance(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        return Math.sqrt(IntStream.range(0, a.length)
                .mapToDouble(i -> ((double) a[i] - b[i]) * ((double) a[i] - b[i]))
                .sum());
    }
}
