package dev.parlance.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.UserError;
import dev.parlance.predict.Pipeline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts of the engine that stand alone. */
class SmallPartsTest {
    @Test
    void a_lease_frees_after_the_last_user_and_lets_none_in_again() {
        AtomicInteger freed = new AtomicInteger();
        Lease lease = new Lease(freed::incrementAndGet);
        assertThat(lease.tryRetain()).isTrue();
        lease.release();
        assertThat(freed).hasValue(0);
        lease.release();
        assertThat(freed).hasValue(1);
        assertThat(lease.freed()).isCompleted();
        assertThat(lease.tryRetain()).isFalse();
        assertThatThrownBy(lease::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_lease_frees_once_however_many_threads_use_it() {
        AtomicInteger freed = new AtomicInteger();
        Lease lease = new Lease(freed::incrementAndGet);
        IntStream.range(0, 10_000).parallel().forEach(i -> {
            if (i == 5_000) {
                lease.release();
            } else if (lease.tryRetain()) {
                assertThat(freed).hasValue(0);
                lease.release();
            }
        });
        assertThat(freed).hasValue(1);
    }

    @Test
    void a_closed_gate_waits_for_who_is_inside() throws InterruptedException {
        Gate gate = new Gate();
        assertThat(gate.enter()).isTrue();
        Thread closing = new Thread(gate::close);
        closing.start();
        Fixtures.await(gate::isClosed);
        assertThat(gate.enter()).isFalse();
        assertThat(closing.isAlive()).isTrue();
        gate.leave();
        closing.join(10_000);
        assertThat(closing.isAlive()).isFalse();
    }

    @Test
    void throughput_follows_the_last_batches() {
        Throughput throughput = new Throughput(2);
        assertThat(throughput.timeFor(100)).isNull();
        assertThat(throughput.retryAfter(100)).isEqualTo(Duration.ofSeconds(1));
        throughput.ran(1_000, 1_000_000_000);
        assertThat(throughput.tokensPerSecond()).isCloseTo(2_000, within(1.0));
        assertThat(throughput.retryAfter(6_000)).isEqualTo(Duration.ofSeconds(3));
        assertThat(throughput.retryAfter(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(throughput.retryAfter(10_000_000)).isEqualTo(Duration.ofSeconds(60));
        for (int i = 0; i < 200; i++) {
            throughput.ran(500, 1_000_000_000);
        }
        assertThat(throughput.tokensPerSecond()).isCloseTo(1_000, within(5.0));
    }

    @Test
    void latencies_leave_the_window_after_half_a_minute() {
        LatencyWindow window = new LatencyWindow();
        for (int millis = 1; millis <= 1_000; millis++) {
            window.record(millis * 1_000_000L);
        }
        assertThat(window.read().count()).isZero();
        window.roll();
        Stats.Latency latency = window.read();
        assertThat(latency.count()).isEqualTo(1_000);
        assertThat(latency.p50()).isCloseTo(500, within(10.0));
        assertThat(latency.p90()).isCloseTo(900, within(15.0));
        assertThat(latency.p99()).isCloseTo(990, within(15.0));
        assertThat(latency.max()).isCloseTo(1_000, within(15.0));
        for (int second = 1; second < LatencyWindow.SECONDS; second++) {
            window.roll();
        }
        assertThat(window.read().count()).isEqualTo(1_000);
        window.roll();
        assertThat(window.read().count()).isZero();
        window.record(Long.MAX_VALUE);
        window.record(-5);
        window.roll();
        assertThat(window.read().count()).isEqualTo(2);
    }

    @Test
    void warming_up_runs_several_shapes_and_measures_the_start_of_a_batch() {
        ControlledModel model = new ControlledModel().takes(2);
        try (Pipeline pipeline = Fixtures.pipeline(model)) {
            assertThat(WarmUp.overheadTokens(pipeline)).isBetween(4.0, 256.0);
            assertThat(model.batches().stream().distinct().count()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void options_say_which_of_them_is_wrong() {
        assertThatThrownBy(() -> new TestOptions().batchTokens(0).build())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("maxBatchTokens is 0");
        assertThatThrownBy(() -> new TestOptions().delay(Duration.ofMillis(-1)).build())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("maxQueueDelay");
        assertThat(EngineOptions.defaults().workers()).isPositive();
        assertThat(EngineOptions.defaults().tokenizers()).isPositive();
    }
}
