package dev.parlance.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkTest {
    private final TestClient client = new TestClient();

    private CompletableFuture<Reply> start(String path, String json) {
        Call call = new Call(Map.of(), Map.of("model", "teams/compass"), Map.of(), TestClient.json(json));
        return client.route("POST", path).handler().handle(call).toCompletableFuture();
    }

    @Test
    void giving_up_a_reply_gives_up_the_work() {
        for (String path : new String[] {"/embed", "/v1/embeddings"}) {
            CompletableFuture<Answer> pending = new CompletableFuture<>();
            client.backend.pending = pending;
            String json = path.equals("/embed") ? "{\"inputs\": \"a\"}" : "{\"input\": [97, 98]}";
            CompletableFuture<Reply> reply = start(path, json);
            assertThat(reply).isNotDone();
            reply.cancel(true);
            assertThat(pending).isCancelled();
        }
    }

    @Test
    void a_late_failure_is_a_reply() {
        CompletableFuture<Answer> pending = new CompletableFuture<>();
        client.backend.pending = pending;
        CompletableFuture<Reply> reply = start("/embed", "{\"inputs\": \"a\"}");
        pending.completeExceptionally(new Refusal(Kind.TIMEOUT, "too late"));
        assertThat(reply).isCompletedWithValueMatching(done -> done.status() == 504);
    }

    @Test
    void a_step_that_fails_is_a_reply() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> last = Work.thenStart(first, value -> {
            throw new BadField("inputs", "bad");
        });
        first.complete("done");
        assertThat(last).isCompletedExceptionally();
        CompletableFuture<Reply> reply = Work.handler(
                        Dialect.KSERVE, call -> Work.then(last, value -> ApiJson.ok(value)))
                .handle(new Call(Map.of(), Map.of(), Map.of(), null))
                .toCompletableFuture();
        assertThat(reply.join().status()).isEqualTo(400);
    }
}
