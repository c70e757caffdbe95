package dev.parlance.train.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.tokenize.Batch;
import dev.parlance.train.encoder.Architecture;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.nn.Activation;
import dev.parlance.train.nn.Mixout;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecomputedPassTest {
    private static final int LABELS = 3;

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    /** A loss and the gradients by name. */
    private record Step(double loss, Map<String, float[]> gradients) {}

    @ParameterizedTest
    @CsvSource({
        "bert, false, false",
        "bert, true, false",
        "bert, false, true",
        "roberta, false, false",
        "roberta-prelayernorm, false, true",
        "electra, false, false",
        "distilbert, true, true"
    })
    void gradients_are_the_same_bits(String name, boolean bf16, boolean mixed) {
        EncoderConfig config = TinyModel.of(name).config().withDropout(0.2);
        try (SequenceClassifier model = SequenceClassifier.create(config, LABELS, 3);
                Mixout mixout = new Mixout(model.encoder())) {
            if (mixed) {
                nudge(model);
                model.mixWith(mixout, 0.5);
            }
            Batch batch = batch(4, 9, config.vocabSize());
            Step remembered = step(model, scope -> remembered(model, batch, bf16));
            Step recomputed = step(model, scope -> recomputed(model, batch, bf16));
            assertThat(recomputed.loss()).isEqualTo(remembered.loss());
            assertThat(recomputed.gradients().keySet())
                    .isEqualTo(remembered.gradients().keySet());
            remembered.gradients().forEach((parameter, gradient) -> assertThat(
                            recomputed.gradients().get(parameter))
                    .as(parameter)
                    .isEqualTo(gradient));
            Mixout.detach(model.encoder());
        }
    }

    @Test
    void layers_below_all_trained_ones_are_not_computed_again() {
        EncoderConfig config = TinyModel.of("bert").config().withDropout(0.2);
        try (SequenceClassifier model = SequenceClassifier.create(config, LABELS, 3)) {
            model.namedParameters()
                    .forEach((name, parameter) ->
                            parameter.requiresGrad(!name.contains("embeddings") && !name.contains("layer.0.")));
            Batch batch = batch(4, 9, config.vocabSize());
            Step remembered = step(model, scope -> remembered(model, batch, false));
            Step recomputed = step(model, scope -> recomputed(model, batch, false));
            assertThat(recomputed.gradients().keySet())
                    .isEqualTo(remembered.gradients().keySet())
                    .isNotEmpty()
                    .noneMatch(name -> name.contains("embeddings") || name.contains("layer.0."));
            remembered.gradients().forEach((parameter, gradient) -> assertThat(
                            recomputed.gradients().get(parameter))
                    .as(parameter)
                    .isEqualTo(gradient));
        }
    }

    @Test
    void only_the_head_may_be_trained() {
        EncoderConfig config = TinyModel.of("bert").config().withDropout(0);
        try (SequenceClassifier model = SequenceClassifier.create(config, LABELS, 3)) {
            model.encoder().namedParameters().values().forEach(parameter -> parameter.requiresGrad(false));
            Batch batch = batch(2, 5, config.vocabSize());
            assertThat(step(model, scope -> recomputed(model, batch, false))
                            .gradients()
                            .keySet())
                    .containsExactlyInAnyOrder(
                            "bert.pooler.dense.weight",
                            "bert.pooler.dense.bias",
                            "classifier.weight",
                            "classifier.bias");
        }
    }

    /** In a process of its own: what tests before it have freed would hide what a step takes. */
    @Test
    void a_step_takes_much_less_memory() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), RecomputedPassTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Matcher matcher = Pattern.compile("recomputed (\\d+) remembered (\\d+)").matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        long lean = Long.parseLong(matcher.group(1));
        long full = Long.parseLong(matcher.group(2));
        assertThat(full).isGreaterThan(200L << 20);
        assertThat(lean).isLessThan(full / 2);
    }

    /** Prints the growth of both ways: eight blocks whose attention alone takes 8 MB each in each of its four steps. */
    public static void main(String[] args) {
        EncoderConfig config = new EncoderConfig(
                Architecture.BERT, 100, 64, 64, 8, 8, 256, Activation.GELU, 0.1, 0.1, 0.1, 256, 2, 1e-12, 0, 0.02);
        try (SequenceClassifier model = SequenceClassifier.create(config, LABELS, 3)) {
            Batch batch = batch(4, 256, config.vocabSize());
            step(model, scope -> recomputed(model, batch, false)); // gradients are there now
            long lean = growth(() -> step(model, scope -> recomputed(model, batch, false)));
            long full = growth(() -> step(model, scope -> remembered(model, batch, false)));
            System.out.println("recomputed " + lean + " remembered " + full);
        }
    }

    @Test
    void nothing_is_left_behind() {
        EncoderConfig config = TinyModel.of("bert").config().withDropout(0.1);
        try (SequenceClassifier model = SequenceClassifier.create(config, LABELS, 3)) {
            Batch batch = batch(4, 9, config.vocabSize());
            step(model, scope -> recomputed(model, batch, false));
            System.gc();
            long before = Torch.nativeObjects();
            for (int i = 0; i < 50; i++) {
                step(model, scope -> recomputed(model, batch, false));
            }
            System.gc();
            assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before);
        }
    }

    private static Step step(SequenceClassifier model, Function<TensorScope, Double> body) {
        model.train(true);
        model.seedDropout(11);
        model.namedParameters().values().forEach(Tensor::clearGrad);
        double loss;
        try (TensorScope scope = TensorScope.open()) {
            loss = body.apply(scope);
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (TensorScope scope = TensorScope.open()) {
            model.namedParameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.grad();
                if (gradient != null) {
                    gradients.put(name, gradient.toFloats());
                }
            });
        }
        return new Step(loss, gradients);
    }

    private static double remembered(SequenceClassifier model, Batch batch, boolean bf16) {
        Tensor logits;
        try (Torch.Guard precision = Torch.autocast(bf16)) {
            logits = model.forward(batch);
        }
        Tensor loss = loss(logits);
        loss.backward();
        return loss.item();
    }

    private static double recomputed(SequenceClassifier model, Batch batch, boolean bf16) {
        try (RecomputedPass pass = new RecomputedPass(model, batch, bf16)) {
            Tensor loss = loss(pass.forward());
            loss.backward();
            pass.backward();
            return loss.item();
        }
    }

    private static Tensor loss(Tensor logits) {
        long[] labels = new long[(int) logits.size(0)];
        Arrays.setAll(labels, i -> i % LABELS);
        return new ClassificationLoss(0, null, 0).mean(logits, Tensor.fromLongs(labels, labels.length), null);
    }

    private static void nudge(SequenceClassifier model) {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            model.namedParameters().values().forEach(parameter -> parameter.addInPlace(parameter.copy(), 0.1));
        }
    }

    private static Batch batch(int rows, int length, int vocabulary) {
        Batch batch = new Batch(new long[rows][length], new long[rows][length], new long[rows][length]);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                batch.inputIds()[row][i] = 2 + (row * 31L + i * 7L) % (vocabulary - 2);
                batch.attentionMask()[row][i] = i < length - row ? 1 : 0;
            }
        }
        return batch;
    }

    /** How much more resident memory there is at the most while something runs. */
    private static long growth(Runnable body) {
        long before = Torch.residentBytes();
        long[] peak = {before};
        Thread watcher = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                peak[0] = Math.max(peak[0], Torch.residentBytes());
            }
        });
        watcher.start();
        body.run();
        watcher.interrupt();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return peak[0] - before;
    }
}
