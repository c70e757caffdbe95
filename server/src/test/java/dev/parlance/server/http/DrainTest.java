package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.server.api.Reply;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server ends. */
@Timeout(60)
class DrainTest {
    @Test
    void finishes_what_is_in_flight_and_takes_no_more_connections() throws Exception {
        try (Served served = Served.start(draining("0s", "20s"));
                RawHttp busy = new RawHttp(served.port())) {
            busy.send(RawHttp.post("/slow", "{}"));
            CompletableFuture<Reply> work = served.slow.poll(5, TimeUnit.SECONDS);
            assertThat(work).isNotNull();
            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(served.server::drain);
            awaitRefused(served.port());
            assertThat(drained).isNotDone();
            work.complete(Served.json(200, Map.of("kept", true), Map.of()));
            RawHttp.Answer answer = busy.read();
            assertThat(answer.body()).contains("kept");
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(busy.isClosed()).isTrue();
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void readiness_turns_503_while_requests_are_still_taken() throws Exception {
        try (Served served = Served.start(draining("2s", "10s"))) {
            assertThat(served.get("/health").status()).isEqualTo(200);
            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(served.server::drain);
            int status = 200;
            for (int i = 0; i < 50 && status == 200; i++) {
                status = served.get("/health").status();
            }
            assertThat(status).isEqualTo(503);
            RawHttp.Answer answer = served.post("/echo", "{}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void gives_up_what_takes_longer_than_the_drain_timeout() throws Exception {
        try (Served served = Served.start(draining("0s", "300ms"));
                RawHttp busy = new RawHttp(served.port())) {
            busy.send(RawHttp.post("/slow", "{}"));
            CompletableFuture<Reply> work = served.slow.poll(5, TimeUnit.SECONDS);
            long start = System.nanoTime();
            served.server.drain();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                    .isLessThan(10);
            assertThat(busy.isClosed()).isTrue();
            assertThat(work).isCancelled();
        }
    }

    @Test
    void closing_twice_is_safe() {
        Served served = Served.start();
        int port = served.port();
        served.close();
        served.close();
        assertThatThrownBy(() -> new RawHttp(port).close()).isInstanceOf(IOException.class);
    }

    private static UnaryOperator<ServerOptions> draining(String delay, String timeout) {
        return options -> {
            OperationOptions old = options.operations();
            return options.withOperations(new OperationOptions(
                    old.accessLog(),
                    old.accessLogMaxBytes(),
                    old.accessLogFiles(),
                    old.jsonOutput(),
                    old.metricsAccess(),
                    old.otlpEndpoint(),
                    old.otlpServiceName(),
                    old.traceRatio(),
                    TimeSpan.parse(delay),
                    TimeSpan.parse(timeout),
                    old.eventLoops()));
        };
    }

    private static void awaitRefused(int port) throws InterruptedException {
        for (int i = 0; i < 250; i++) {
            try (RawHttp raw = new RawHttp(port)) {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("the server still takes connections");
    }
}
