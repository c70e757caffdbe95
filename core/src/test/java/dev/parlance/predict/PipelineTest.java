package dev.parlance.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
    @AfterEach
    void leaves_no_thread_behind() throws InterruptedException {
        for (int i = 0; i < 50 && readers() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(readers()).isZero();
    }

    @Test
    void gives_the_probabilities_of_the_logits() {
        try (Pipeline pipeline = Fixtures.pipeline()) {
            Encoding encoding = pipeline.tokenizer().encode("where is my order");
            Batch batch = Batch.of(List.of(encoding), 0);
            double[] exp = IntStream.range(0, 3)
                    .mapToDouble(label -> Math.exp(Fixtures.logit(batch, 0, label)))
                    .toArray();
            Labels labels = (Labels) pipeline.predict("where is my order");
            int best = pipeline.task().labels().indexOf(labels.best().label());
            assertThat(labels.best().score()).isCloseTo(exp[best] / (exp[0] + exp[1] + exp[2]), within(1e-5));
            assertThat(labels.all().stream()
                            .mapToDouble(Labels.ScoredLabel::score)
                            .sum())
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void answers_in_order_whatever_batches_texts_ran_in() {
        try (Pipeline pipeline = Fixtures.pipeline()) {
            List<String> texts = texts(500);
            List<Annotation> together = pipeline.predict(texts);
            for (int i = 0; i < texts.size(); i += 7) {
                assertSame(together.get(i), pipeline.predict(texts.get(i)));
            }
            assertThat(pipeline.predict(List.of())).isEmpty();
        }
    }

    @Test
    void streams_in_order_and_carries_the_examples() {
        List<Example> examples =
                texts(3_000).stream().map(text -> Example.of(text, "first")).toList();
        try (Pipeline pipeline = Fixtures.pipeline();
                Stream<Prediction> stream = pipeline.predictAll(examples.stream())) {
            List<Prediction> predictions = stream.toList();
            assertThat(predictions.stream().map(Prediction::example)).isEqualTo(examples);
            for (int i = 0; i < examples.size(); i += 101) {
                assertSame(
                        predictions.get(i).annotation(),
                        pipeline.predict(examples.get(i).text()));
            }
        }
    }

    @Test
    void says_how_much_of_a_text_the_model_did_not_see() {
        try (Pipeline pipeline = Fixtures.pipeline()) {
            List<Prediction> predictions =
                    pipeline.predictExamples(List.of(Example.of("order ".repeat(70)), Example.of("order")));
            int tokens = pipeline.tokenizer().encode("order").length() - 2;
            assertThat(predictions.get(0).truncatedTokens()).isEqualTo(70 * tokens - 62);
            assertThat(predictions.get(1).truncatedTokens()).isZero();
        }
    }

    @Test
    void holds_few_examples_of_a_long_stream() {
        AtomicLong read = new AtomicLong();
        long lead = 0;
        Stream<Example> source = Stream.generate(() -> Example.of("order " + read.incrementAndGet()))
                .limit(30_000);
        try (Pipeline pipeline = Fixtures.pipeline();
                Stream<Prediction> stream = pipeline.predictAll(source)) {
            long taken = 0;
            for (Iterator<Prediction> it = stream.iterator(); it.hasNext(); it.next()) {
                lead = Math.max(lead, read.get() - ++taken);
            }
            assertThat(taken).isEqualTo(30_000);
        }
        assertThat(lead).isBetween(100L, 5L * 2_048); // this window, two that wait, one in work, and the split's slack
    }

    @Test
    void a_failure_of_the_source_comes_out_at_the_caller() {
        UserError failure = new UserError("line 300 is short");
        Stream<Example> source = IntStream.range(0, 1_000).mapToObj(i -> {
            if (i == 300) {
                throw failure;
            }
            return Example.of("order " + i);
        });
        try (Pipeline pipeline = Fixtures.pipeline();
                Stream<Prediction> stream = pipeline.predictAll(source)) {
            assertThatThrownBy(stream::toList).isSameAs(failure);
        }
    }

    @Test
    void a_failure_of_the_model_comes_out_at_the_caller_and_ends_the_reader() {
        Model broken = new Model() {
            @Override
            public Logits forward(Batch batch) {
                throw new IllegalStateException("out of order");
            }

            @Override
            public void close() {}
        };
        try (Pipeline pipeline = new Pipeline(Fixtures.tokenizer(), Fixtures.task(), broken)) {
            Iterator<Prediction> stream = pipeline.predictAll(endless()).iterator(); // not closed, on purpose
            assertThatThrownBy(stream::next).hasMessage("out of order");
        }
    }

    @Test
    void closing_early_closes_the_source_and_ends_the_reader() {
        AtomicBoolean closed = new AtomicBoolean();
        try (Pipeline pipeline = Fixtures.pipeline()) {
            try (Stream<Prediction> stream = pipeline.predictAll(endless().onClose(() -> closed.set(true)))) {
                assertThat(stream.limit(3).toList()).hasSize(3);
            }
            assertThat(closed).isTrue();
        }
    }

    @Test
    void an_interrupt_ends_the_stream() throws InterruptedException {
        AtomicReference<Throwable> end = new AtomicReference<>();
        AtomicBoolean stillSet = new AtomicBoolean();
        AtomicLong seen = new AtomicLong();
        Thread consumer = new Thread(() -> {
            try (Pipeline pipeline = Fixtures.pipeline();
                    Stream<Prediction> stream = pipeline.predictAll(endless())) {
                stream.forEach(prediction -> seen.incrementAndGet());
            } catch (CancellationException e) {
                end.set(e);
                stillSet.set(Thread.currentThread().isInterrupted());
            }
        });
        consumer.start();
        while (seen.get() == 0 && consumer.isAlive()) {
            Thread.sleep(5);
        }
        consumer.interrupt();
        consumer.join(20_000);
        assertThat(end.get()).isInstanceOf(CancellationException.class);
        assertThat(stillSet).isTrue();
    }

    @Test
    void answers_the_same_on_many_threads() {
        try (Pipeline pipeline = Fixtures.pipeline()) {
            List<String> texts = texts(60);
            List<Annotation> alone = pipeline.predict(texts);
            IntStream.range(0, texts.size())
                    .parallel()
                    .forEach(i -> assertSame(pipeline.predict(texts.get(i)), alone.get(i)));
        }
    }

    @Test
    void opens_a_model_directory(@TempDir Path directory) throws IOException {
        Files.copy(Fixtures.file("tiny.onnx"), directory.resolve("model.onnx"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Fixtures.tokenizerDirectory().resolve(name), directory.resolve(name));
        }
        writeConfig(directory, 3_500);
        try (Pipeline pipeline = Pipeline.load(directory)) {
            assertThat(pipeline.task().labels()).containsExactly("first", "second", "third");
            assertThat(pipeline.tokenizer().maxLength()).isEqualTo(64);
            assertThat(((Labels) pipeline.predict("my order")).all()).hasSize(3);
        }
        writeConfig(directory, 100);
        assertThatThrownBy(() -> Pipeline.load(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tokenizer with 3500 ids")
                .hasMessageContaining("vocab_size 100");
    }

    private static void writeConfig(Path directory, int vocabularySize) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": %d,
                 "max_position_embeddings": 512, "problem_type": "single_label_classification",
                 "id2label": {"0": "first", "1": "second", "2": "third"},
                 "label2id": {"first": 0, "second": 1, "third": 2}}
                """.formatted(vocabularySize));
    }

    private static Stream<Example> endless() {
        return Stream.generate(() -> Example.of("my order"));
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "order " + i + " is late".repeat(i * 31 % 17))
                .toList();
    }

    private static void assertSame(Annotation a, Annotation b) {
        Labels.ScoredLabel left = ((Labels) a).best();
        Labels.ScoredLabel right = ((Labels) b).best();
        assertThat(left.score()).isCloseTo(right.score(), within(1e-5));
        assertThat(left.label()).isEqualTo(right.label());
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("parlance-tokenize") && thread.isAlive())
                .count();
    }

    @Test
    void prepared_texts_answer_in_any_company_as_alone() {
        try (Pipeline pipeline = Fixtures.pipeline()) {
            List<Example> examples = List.of(Example.of("the film"), Example.of("a much longer text of the film"));
            List<Prepared> prepared = pipeline.prepare(examples);
            assertThat(prepared).extracting(Prepared::example).isEqualTo(examples);
            assertThat(prepared.get(0).length()).isLessThan(prepared.get(1).length());
            List<Prediction> together = pipeline.run(List.of(prepared.get(1), prepared.get(0)));
            assertSame(together.get(0), pipeline.predictExamples(examples).get(1));
            assertSame(together.get(1), pipeline.predictExamples(examples).get(0));
        }
    }

    /** Sums over padding round otherwise. */
    private static void assertSame(Prediction found, Prediction expected) {
        assertThat(found.example()).isEqualTo(expected.example());
        assertThat(found.logits()).hasSize(3).containsExactly(expected.logits(), within(1e-5f));
    }
}
