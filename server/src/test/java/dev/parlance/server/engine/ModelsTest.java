package dev.parlance.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parlance.config.UserError;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.server.engine.Models.Traffic;
import dev.parlance.server.engine.Refusal.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Engine engine = new Engine(new TestOptions().shadowInputs(4).build(), registry);
    private final Models models = engine.models();

    @AfterEach
    void close() {
        engine.close();
    }

    private ControlledModel serve(String name, String version) {
        ControlledModel model = new ControlledModel();
        models.serve(Fixtures.info(name, version), Fixtures.pipeline(model), 16);
        return model;
    }

    private CompletableFuture<Answer> ask(String text) {
        return engine.submit(Request.of("words", List.of(Example.of(text))));
    }

    private Stats stats(String version) {
        return engine.stats().stream()
                .filter(stats -> stats.version().equals(version))
                .findFirst()
                .orElseThrow();
    }

    private double shadowed(String result) {
        return registry.get("parlance.shadow")
                .tag("version", "2")
                .tag("result", result)
                .counter()
                .count();
    }

    private static Kind refusal(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call).kind();
    }

    @Test
    void loads_a_model_and_answers_with_it() {
        models.expect(List.of("words"));
        assertThat(models.ready()).isFalse();
        ModelInfo info = models.load(new ModelSpec("words", "1", Fixtures.words()));
        assertThat(models.ready()).isTrue();
        assertThat(info.task().labels()).containsExactly("negative", "positive");
        assertThat(info.modelType()).isEqualTo("bert");
        assertThat(info.maxLength()).isEqualTo(64);
        assertThat(info.precision()).isEqualTo("float32");
        Labels labels =
                (Labels) ask("a fine , good film").join().predictions().get(0).annotation();
        assertThat(labels.best().label()).isEqualTo("positive");
        assertThat(models.get("words", null)).isEqualTo(info);
        assertThat(models.list()).containsExactly(info);
    }

    @Test
    void a_failed_load_leaves_what_was_there(@TempDir Path empty) {
        models.load(new ModelSpec("words", "1", Fixtures.words()));
        assertThatThrownBy(() -> models.load(new ModelSpec("words", "1", empty)))
                .isInstanceOf(UserError.class);
        assertThat(ask("good").join().predictions()).hasSize(1);
        assertThatThrownBy(() -> new ModelSpec("../words", "1 2", empty)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> new ModelSpec("a//b", "1", empty)).isInstanceOf(UserError.class);
    }

    @Test
    void replacing_a_version_under_load_loses_no_request() {
        List<ControlledModel> old = new ArrayList<>(List.of(serve("words", "1")));
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            for (int k = 0; k < 10; k++) {
                answers.add(ask("good ".repeat(k) + "bad ".repeat(i % 7)));
            }
            old.add(serve("words", "1"));
        }
        answers.forEach(answer -> assertThat(answer.join().predictions()).hasSize(1));
        ControlledModel current = old.remove(old.size() - 1);
        Fixtures.await(() -> old.stream().allMatch(ControlledModel::isClosed));
        assertThat(current.isClosed()).isFalse();
        assertThat(models.list()).hasSize(1);
        assertThat(stats("1").requests()).isEqualTo(400);
    }

    @Test
    void a_replaced_version_answers_what_it_has_accepted() {
        ControlledModel old = serve("words", "1").hold();
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> old.begun() == 1);
        CompletableFuture<Answer> waiting = ask("bad");
        Fixtures.await(() -> stats("1").queuedInputs() == 1);
        serve("words", "1");
        assertThat(old.isClosed()).isFalse();
        old.letAllGo();
        running.join();
        waiting.join();
        assertThat(old.begun()).isEqualTo(2);
        Fixtures.await(old::isClosed);
    }

    @Test
    void unloading_returns_once_the_last_request_is_answered() throws Exception {
        ControlledModel model = serve("words", "1").hold();
        CompletableFuture<Answer> running = ask("good");
        Fixtures.await(() -> model.begun() == 1);
        CompletableFuture<Void> unloading = CompletableFuture.runAsync(() -> models.unload("words", null));
        Fixtures.await(() -> models.list().isEmpty());
        assertThat(refusal(() -> models.get("words", null))).isEqualTo(Kind.NOT_FOUND);
        assertThat(unloading.isDone()).isFalse();
        model.letAllGo();
        unloading.get(20, TimeUnit.SECONDS);
        assertThat(model.isClosed()).isTrue();
        assertThat(running.join().predictions()).hasSize(1);
    }

    @Test
    void the_default_version_stays_while_there_are_others() {
        serve("words", "1");
        serve("words", "2");
        assertThat(models.get("words", null).version()).isEqualTo("1");
        assertThat(refusal(() -> models.unload("words", "1"))).isEqualTo(Kind.VALIDATION);
        models.route("words", new Traffic("2", "1", 50, "1"));
        models.unload("words", "1");
        assertThat(models.traffic("words")).isEqualTo(new Traffic("2", null, 0, null));
        assertThat(refusal(() -> models.unload("words", "1"))).isEqualTo(Kind.NOT_FOUND);
        models.unload("words", "2");
        assertThat(models.list()).isEmpty();
        assertThat(refusal(() -> models.unload("words", null))).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void refuses_traffic_that_cannot_be() {
        serve("words", "1");
        serve("words", "2");
        for (Traffic traffic : List.of(
                new Traffic("3", null, 0, null), new Traffic("1", "3", 5, null), new Traffic("1", null, 0, "3"))) {
            assertThat(refusal(() -> models.route("words", traffic))).isEqualTo(Kind.NOT_FOUND);
        }
        for (Traffic traffic : List.of(
                new Traffic("1", "1", 5, null),
                new Traffic("1", null, 0, "1"),
                new Traffic("1", "2", 100.5, null),
                new Traffic("1", "2", -1, null),
                new Traffic("1", "2", Double.NaN, null),
                new Traffic("1", null, 5, null))) {
            assertThat(refusal(() -> models.route("words", traffic))).isEqualTo(Kind.VALIDATION);
        }
        assertThat(refusal(() -> models.route("others", new Traffic("1", null, 0, null))))
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(models.traffic("words")).isEqualTo(new Traffic("1", null, 0, null));
    }

    @Test
    void a_canary_gets_its_share_exactly_and_evenly() {
        serve("words", "1");
        serve("words", "2");
        models.route("words", new Traffic("1", "2", 12.5, null));
        List<String> versions = IntStream.range(0, 80)
                .mapToObj(i -> ask("good").join().model().version())
                .toList();
        for (int i = 0; i < 80; i += 8) {
            assertThat(versions.subList(i, i + 8)).containsOnlyOnce("2");
        }
        models.route("words", new Traffic("1", "2", 100, null));
        assertThat(ask("good").join().model().version()).isEqualTo("2");
        Request named = new Request("words", "1", List.of(Example.of("good")), null, null);
        assertThat(engine.submit(named).join().model().version()).isEqualTo("1");
    }

    @Test
    void a_shadow_is_measured_and_never_heard() {
        serve("words", "1");
        ControlledModel shadow = serve("words", "2").failsOnBroken();
        models.route("words", new Traffic("1", null, 0, "2"));
        for (String text : List.of("good", "bad bad", "fine broken")) {
            assertThat(ask(text).join().model().version()).isEqualTo("1");
        }
        Fixtures.await(() -> shadowed("agreed") == 2 && shadowed("failed") == 1);
        engine.submit(new Request("words", "1", List.of(Example.of("good")), null, null))
                .join();
        assertThat(shadow.begun()).isEqualTo(3); // who names a version asks for it alone
        assertThat(stats("2").requests()).isZero();
    }

    @Test
    void copies_for_a_slow_shadow_are_dropped() {
        serve("words", "1");
        ControlledModel shadow = serve("words", "2").hold();
        models.route("words", new Traffic("1", null, 0, "2"));
        List<CompletableFuture<Answer>> answers = List.of(ask("good"), ask("bad"), ask("fine"));
        Fixtures.await(() -> shadow.begun() == 1);
        shadow.letAllGo();
        answers.forEach(CompletableFuture::join);
        Fixtures.await(() -> shadowed("agreed") + shadowed("dropped") == 3);
        List<Example> many =
                IntStream.range(0, 5).mapToObj(i -> Example.of("good " + i)).toList();
        engine.submit(Request.of("words", many)).join();
        Fixtures.await(() -> shadowed("dropped") == 1);
    }

    @Test
    void agreement_is_the_same_label_or_the_same_direction() {
        Labels yes = new Labels(List.of(new Labels.ScoredLabel("yes", 0.6), new Labels.ScoredLabel("no", 0.4)));
        Labels surely = new Labels(List.of(new Labels.ScoredLabel("yes", 0.9), new Labels.ScoredLabel("no", 0.1)));
        assertThat(Shadowing.agree(yes, surely)).isTrue();
        assertThat(Shadowing.agree(yes, Labels.gold("no"))).isFalse();
        Embedding east = new Embedding(new float[] {1, 0});
        assertThat(Shadowing.agree(east, new Embedding(new float[] {3, 0.1f}))).isTrue();
        assertThat(Shadowing.agree(east, new Embedding(new float[] {1, 1}))).isFalse();
        assertThat(Shadowing.agree(east, new Embedding(new float[] {1}))).isFalse();
        assertThat(Shadowing.agree(east, yes)).isFalse();
    }

    @Test
    void models_take_turns() {
        ControlledModel busy = serve("words", "1").hold();
        ControlledModel other = serve("others", "1");
        CompletableFuture<Answer> first = ask("good");
        Fixtures.await(() -> busy.begun() == 1);
        List<CompletableFuture<Answer>> flood = IntStream.range(0, 60)
                .mapToObj(i -> ask("bad ".repeat(1 + i % 60)))
                .toList();
        Fixtures.await(() -> stats("1").queuedInputs() == 60);
        CompletableFuture<Answer> lone = engine.submit(Request.of("others", List.of(Example.of("good"))));
        Fixtures.await(() -> engine.stats().get(1).queuedInputs() == 1);
        busy.letGo(2); // the first batch and one more
        lone.join();
        assertThat(busy.begun()).isLessThanOrEqualTo(3);
        assertThat(other.begun()).isEqualTo(1);
        busy.letAllGo();
        first.join();
        flood.forEach(CompletableFuture::join);
    }

    @Test
    void the_first_model_is_listed_first() {
        serve("words", "2");
        serve("aardvark", "1");
        serve("words", "1");
        assertThat(models.list().stream().map(info -> info.name() + " " + info.version()))
                .containsExactly("words 1", "words 2", "aardvark 1");
        models.unload("words", null);
        assertThat(models.list().get(0).name()).isEqualTo("aardvark");
    }

    @Test
    void prometheus_sees_what_is_served() {
        serve("words", "1");
        serve("words", "1");
        ask("good bad").join();
        String page = registry.scrape();
        assertThat(page)
                .contains("parlance_model_info{max_length=\"64\",model=\"words\",precision=\"float32\"")
                .contains("parlance_queue_size{model=\"words\",version=\"1\"} 0.0")
                .contains("parlance_model_requests_total{model=\"words\",version=\"1\"} 1.0")
                .contains("parlance_rejected_total{model=\"words\",reason=\"overloaded\",version=\"1\"} 0.0")
                .contains("parlance_queue_duration_seconds_bucket{model=\"words\",version=\"1\",le=\"0.001\"}")
                .contains("parlance_inference_duration_seconds_count{model=\"words\",version=\"1\"} 1")
                .contains("parlance_tokenization_duration_seconds_count")
                .contains("parlance_batch_size_sum{model=\"words\",version=\"1\"} 1.0")
                .contains("parlance_batch_tokens_sum{model=\"words\",version=\"1\"} 4.0")
                .contains("parlance_batch_padding_sum{model=\"words\",version=\"1\"} 0.0")
                .contains("parlance_cache_hits_total")
                .contains("parlance_collapsed_total")
                .contains("parlance_shadow_total");
        models.unload("words", null);
        assertThat(registry.scrape()).doesNotContain("parlance_model_info{").doesNotContain("parlance_queue_size{");
    }

    @Test
    void nothing_is_loaded_after_the_end() {
        Engine over = new Engine(new TestOptions().build(), new SimpleMeterRegistry());
        over.close();
        ControlledModel late = new ControlledModel();
        assertThat(refusal(() -> over.models().serve(Fixtures.info("words", "1"), Fixtures.pipeline(late), 16)))
                .isEqualTo(Kind.UNHEALTHY);
        assertThat(late.isClosed()).isTrue();
        over.close();
    }
}
