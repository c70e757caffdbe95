package dev.parlance.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.tokenize.Encoding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ControlledModel model = new ControlledModel();
    private Engine engine = engine(new TestOptions().build());

    /** An engine with one worker, so that the order of batches is known, and a model under control. */
    private Engine engine(EngineOptions options) {
        Engine made = new Engine(options, registry);
        made.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(model), 16);
        return made;
    }

    private void restart(TestOptions options) {
        engine.close();
        engine = new Engine(options.build(), registry);
        engine.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(new ControlledModel()), 16);
    }

    @AfterEach
    void leaves_nothing_behind() {
        model.letAllGo();
        engine.close();
        assertThat(model.isClosed()).isTrue();
        Fixtures.await(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.matches("parlance-(infer|tokenize|answer|timer)-\\d+")));
    }

    private CompletableFuture<Answer> ask(String... texts) {
        return engine.submit(
                Request.of("words", List.of(texts).stream().map(Example::of).toList()));
    }

    private Kind refusal(CompletableFuture<?> future) {
        return refused(future).kind();
    }

    private static Refusal refused(CompletableFuture<?> future) {
        try {
            Object answer = future.get(20, TimeUnit.SECONDS);
            return Assertions.fail("answered with " + answer);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return (Refusal) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stats stats() {
        return engine.stats().get(0);
    }

    @Test
    void answers_in_the_order_of_the_inputs() {
        List<String> texts = IntStream.range(0, 30)
                .mapToObj(i -> "good ".repeat(i * 7 % 20) + "bad ".repeat(i * 3 % 5))
                .toList();
        Answer answer = ask(texts.toArray(String[]::new)).join();
        assertThat(answer.model().version()).isEqualTo("1");
        assertThat(answer.characters())
                .isEqualTo(texts.stream().mapToInt(String::length).sum());
        int tokens = 0;
        try (Pipeline alone = Fixtures.pipeline(new ControlledModel())) {
            for (int i = 0; i < texts.size(); i++) {
                Prediction prediction = answer.predictions().get(i);
                assertThat(prediction.example().text()).isEqualTo(texts.get(i));
                assertThat(prediction.annotation()).isEqualTo(alone.predict(texts.get(i)));
                tokens += alone.tokenizer().encode(texts.get(i)).length();
            }
        }
        assertThat(answer.tokens()).isEqualTo(tokens);
        assertThat(answer.timing().inference()).isPositive();
        assertThat(answer.timing().tokenization()).isPositive();
    }

    @Test
    void refuses_what_is_out_of_bounds_before_any_work() {
        restart(new TestOptions().inputs(3).chars(40));
        assertThat(refusal(ask())).isEqualTo(Kind.EMPTY);
        assertThat(refusal(ask("a", "b", "c", "d"))).isEqualTo(Kind.TOO_LARGE);
        assertThat(refused(ask("x".repeat(41))).reason())
                .contains("41 characters")
                .contains("at most 40");
        Example pair = new Example("x".repeat(21), "y".repeat(20), null);
        assertThat(refusal(engine.submit(Request.of("words", List.of(pair))))).isEqualTo(Kind.TOO_LARGE);
        Request other = Request.of("others", List.of(Example.of("a")));
        assertThat(refused(engine.submit(other)).reason()).contains("words");
        assertThat(refusal(engine.submit(other))).isEqualTo(Kind.NOT_FOUND);
        Request version = new Request("words", "9", List.of(Example.of("a")), null, null);
        assertThat(refusal(engine.submit(version))).isEqualTo(Kind.NOT_FOUND);
        Request late = new Request("words", null, List.of(Example.of("a")), null, Duration.ZERO);
        assertThat(refusal(engine.submit(late))).isEqualTo(Kind.TIMEOUT);
        assertThat(stats().batches()).isZero();
        assertThat(stats().inFlight()).isZero();
        assertThat(stats().unanswered()).isEqualTo(5);
        assertThat(stats().refused()).containsEntry(Kind.TOO_LARGE, 3L).containsEntry(Kind.EMPTY, 1L);
    }

    @Test
    void cuts_a_long_text_or_refuses_it_as_asked() {
        List<Example> inputs = List.of(Example.of("good ".repeat(100)), Example.of("bad"));
        Answer cut =
                engine.submit(new Request("words", null, inputs, true, null)).join();
        assertThat(cut.predictions().get(0).truncatedTokens()).isEqualTo(38);
        assertThat(cut.tokens()).isEqualTo(64 + 3);
        Refusal refused = refused(engine.submit(new Request("words", null, inputs, false, null)));
        assertThat(refused.kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(refused.reason()).contains("102 tokens").contains("at most 64");
        assertThat(refusal(engine.submit(Request.of("words", inputs)))).isEqualTo(Kind.TOO_LARGE);
        restart(new TestOptions().truncate(true));
        assertThat(engine.submit(Request.of("words", inputs)).join().predictions())
                .hasSize(2);
    }

    @Test
    void what_accumulates_while_the_model_is_busy_is_the_next_batch() {
        model.hold();
        CompletableFuture<Answer> first = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        List<CompletableFuture<Answer>> others = new ArrayList<>();
        for (String text : List.of("bad", "fine", "broken", "good.")) {
            others.add(ask(text));
        }
        Fixtures.await(() -> stats().queuedInputs() == 4);
        model.letAllGo();
        first.join();
        others.forEach(CompletableFuture::join);
        assertThat(model.batches()).hasSize(2);
        assertThat(model.batches().get(1)).containsExactlyInAnyOrder(3, 3, 3, 4);
    }

    @Test
    void a_lone_request_does_not_wait_for_others() {
        restart(new TestOptions().delay(Duration.ofSeconds(10)));
        long start = System.nanoTime();
        ask("good").join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void refuses_beyond_its_places_and_says_when_to_come_back() {
        restart(new TestOptions().requests(3));
        ControlledModel slow = new ControlledModel().hold();
        engine.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(slow), 16);
        List<CompletableFuture<Answer>> accepted = List.of(ask("good"), ask("bad"), ask("fine"));
        Refusal refused = refused(ask("broken"));
        assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(refused.retryAfter()).isPositive();
        slow.letAllGo();
        accepted.forEach(CompletableFuture::join);
        assertThat(ask("broken").join().predictions()).hasSize(1);
        assertThat(registry.get("parlance.rejected")
                        .tag("reason", "overloaded")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refuses_when_too_many_tokens_wait() {
        restart(new TestOptions().queueTokens(50));
        ControlledModel slow = new ControlledModel().hold();
        engine.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(slow), 16);
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> slow.begun() == 1);
        CompletableFuture<Answer> longOne = ask("bad ".repeat(60)); // alone in the queue, so it may be longer
        Fixtures.await(() -> stats().queuedInputs() == 1);
        assertThat(refusal(ask("fine"))).isEqualTo(Kind.OVERLOADED);
        slow.letAllGo();
        running.join();
        longOne.join();
    }

    @Test
    void a_cancelled_request_leaves_the_queue_at_once() {
        model.hold();
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        CompletableFuture<Answer> waiting = ask("bad", "fine");
        Fixtures.await(() -> stats().queuedInputs() == 2);
        assertThat(waiting.cancel(true)).isTrue();
        assertThat(stats().queuedInputs()).isZero();
        assertThat(stats().inFlight()).isEqualTo(1);
        model.letAllGo();
        running.join();
        assertThat(model.begun()).isEqualTo(1);
        assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
        assertThat(registry.get("parlance.cancelled").counter().count()).isEqualTo(1);
    }

    @Test
    void a_request_ends_at_its_deadline_and_is_not_run_after_it() {
        model.hold();
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        CompletableFuture<Answer> late =
                engine.submit(new Request("words", null, List.of(Example.of("bad")), null, Duration.ofMillis(50)));
        assertThat(refusal(late)).isEqualTo(Kind.TIMEOUT);
        Fixtures.await(() -> stats().queuedInputs() == 0);
        model.letAllGo();
        running.join();
        assertThat(model.begun()).isEqualTo(1);
    }

    @Test
    void refuses_what_cannot_be_answered_before_its_deadline() {
        model.takes(200);
        ask("good").join(); // three tokens in 0.2 s
        model.hold();
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> model.begun() == 2);
        CompletableFuture<Answer> waiting = ask("bad ".repeat(30));
        Fixtures.await(() -> stats().queuedInputs() == 1);
        Refusal refused = refused(
                engine.submit(new Request("words", null, List.of(Example.of("fine")), null, Duration.ofSeconds(1))));
        assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(10));
        model.letAllGo();
        running.join();
        waiting.join();
    }

    @Test
    void an_input_on_which_the_model_fails_does_not_harm_others() {
        model.failsOnBroken().hold();
        CompletableFuture<Answer> first = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        List<CompletableFuture<Answer>> good =
                List.of(ask("good good"), ask("bad bad"), ask("fine fine"), ask("bad good"));
        CompletableFuture<Answer> bad = ask("fine", "good broken");
        Fixtures.await(() -> stats().queuedInputs() == 6);
        model.letAllGo();
        first.join();
        good.forEach(answer -> assertThat(answer.join().predictions()).hasSize(1));
        assertThat(refusal(bad)).isEqualTo(Kind.BACKEND);
    }

    @Test
    void equal_inputs_at_the_same_time_run_once() {
        model.hold();
        CompletableFuture<Answer> first = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        CompletableFuture<Answer> leader = ask("bad", "bad");
        CompletableFuture<Answer> follower = ask("fine", "bad", "good");
        Fixtures.await(() -> stats().queuedInputs() == 2);
        leader.cancel(false);
        assertThat(stats().queuedInputs()).isEqualTo(2); // the other request still wants it
        model.letAllGo();
        first.join();
        assertThat(follower.join().predictions().stream()
                        .map(prediction -> prediction.example().text()))
                .containsExactly("fine", "bad", "good");
        assertThat(model.batches()).containsExactly(List.of(3), List.of(3, 3));
        assertThat(stats().collapsed()).isEqualTo(3);
    }

    @Test
    void equal_inputs_run_each_if_so_wanted() {
        restart(new TestOptions().collapse(false));
        ask("bad", "bad", "bad").join();
        assertThat(stats().inputs()).isEqualTo(3);
    }

    @Test
    void known_answers_come_from_the_cache_until_the_version_is_replaced() {
        restart(new TestOptions().cache(100));
        Answer fresh = ask("good", "bad").join();
        Answer known = ask("bad", "good").join();
        assertThat(stats().inputs()).isEqualTo(2);
        assertThat(stats().cacheHits()).isEqualTo(2);
        assertThat(known.predictions().get(1)).isEqualTo(fresh.predictions().get(0));
        assertThat(known.tokens()).isEqualTo(fresh.tokens());
        assertThat(known.timing().inference()).isZero();
        Request cut = new Request("words", null, List.of(Example.of("good")), true, null);
        engine.submit(cut).join();
        assertThat(stats().inputs()).isEqualTo(3); // cut or not is another question
        engine.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(new ControlledModel()), 16);
        ask("good").join();
        assertThat(stats().inputs()).isEqualTo(4);
    }

    @Test
    void closing_answers_what_was_accepted_and_refuses_more() throws InterruptedException {
        model.hold();
        List<CompletableFuture<Answer>> accepted = List.of(ask("good"), ask("bad"), ask("fine"));
        Thread closing = new Thread(engine::close);
        closing.start();
        Fixtures.await(() -> {
            CompletableFuture<Answer> more = ask("broken");
            boolean refusedNow = more.isCompletedExceptionally() && refusal(more) == Kind.UNHEALTHY;
            more.cancel(false);
            return refusedNow;
        });
        assertThat(accepted).noneMatch(CompletableFuture::isDone);
        model.letAllGo();
        closing.join(20_000);
        assertThat(closing.isAlive()).isFalse();
        accepted.forEach(answer -> assertThat(answer.join().predictions()).hasSize(1));
    }

    @Test
    void tells_tokens_with_or_without_special_ones() {
        List<Example> inputs = List.of(Example.of("good bad"), Example.of("fine"));
        List<Encoding> all = engine.tokenize("words", null, inputs, true).join();
        assertThat(all.get(0).inputIds()).containsExactly(2, 4, 5, 3);
        List<Encoding> plain = engine.tokenize("words", null, inputs, false).join();
        assertThat(plain.get(0).inputIds()).containsExactly(4, 5);
        assertThat(plain.get(0).starts()).containsExactly(0, 5);
        assertThat(plain.get(1).inputIds()).containsExactly(6);
        assertThat(refusal(engine.tokenize("words", null, List.of(), true))).isEqualTo(Kind.EMPTY);
        assertThat(refusal(engine.tokenize("other", null, inputs, true))).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void tells_the_text_of_ids() {
        List<int[]> ids = List.of(new int[] {2, 4, 5, 3}, new int[] {6});
        assertThat(engine.decode("words", null, ids, true).join()).containsExactly("good bad", "fine");
        assertThat(engine.decode("words", null, ids, false).join().get(0)).contains("[CLS]");
        for (int id : new int[] {-1, 10, Integer.MAX_VALUE}) {
            assertThat(refusal(engine.decode("words", null, List.of(new int[] {id}), true)))
                    .isEqualTo(Kind.VALIDATION);
        }
        assertThat(refusal(engine.decode("words", null, List.of(), true))).isEqualTo(Kind.EMPTY);
    }

    @Test
    void many_clients_get_their_own_answers_and_leave_nothing() {
        restart(new TestOptions().workers(3).cache(20).delay(Duration.ofMillis(1)));
        try (Pipeline alone = Fixtures.pipeline(new ControlledModel())) {
            IntStream.range(0, 8).parallel().forEach(client -> {
                Random random = new Random(client);
                for (int i = 0; i < 150; i++) {
                    List<Example> inputs = random.ints(1 + random.nextInt(4), 0, 30)
                            .mapToObj(n -> Example.of("good ".repeat(n) + "bad ".repeat(n % 3)))
                            .toList();
                    CompletableFuture<Answer> answer = engine.submit(Request.of("words", inputs));
                    if (random.nextInt(5) == 0) {
                        answer.cancel(false);
                        continue;
                    }
                    List<Prediction> predictions = answer.join().predictions();
                    for (int k = 0; k < inputs.size(); k++) {
                        Labels expected = (Labels) alone.predict(inputs.get(k).text());
                        assertThat(predictions.get(k).annotation()).isEqualTo(expected);
                    }
                }
            });
        }
        Fixtures.await(() -> stats().inFlight() == 0 && stats().queuedInputs() == 0);
        assertThat(stats().queuedTokens()).isZero();
        assertThat(stats().requests() + stats().unanswered()).isEqualTo(1200);
    }

    @Test
    void a_failure_of_a_client_does_not_stop_the_engine() {
        CompletableFuture<Answer> answer = ask("good");
        CompletableFuture<String> failing = answer.thenApply(a -> {
            throw new IllegalStateException("client");
        });
        assertThatThrownBy(failing::join).isInstanceOf(CompletionException.class);
        assertThat(ask("bad").join().predictions()).hasSize(1);
    }
}
