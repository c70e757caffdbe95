package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SpinThrottleTest {
    @AfterAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    @Test
    void runs_one_daemon_thread_however_often_it_is_asked_for() {
        Torch.initialize(2, true);
        Torch.initialize(2, true);
        assertThat(SpinThrottle.start()).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("parlance-openmp-throttle"))
                .singleElement()
                .matches(Thread::isDaemon);
    }
}
