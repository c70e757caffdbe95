package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void lets_a_burst_through_and_then_the_rate() {
        TokenBucket bucket = new TokenBucket(10, 5);
        long now = -3 * SECOND; // System.nanoTime may be negative
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(now)).isZero();
        }
        assertThat(bucket.take(now)).isBetween(SECOND / 10 - 2, SECOND / 10 + 2);
        assertThat(bucket.take(now + SECOND / 10)).isZero();
        assertThat(bucket.take(now + SECOND / 10)).isPositive();
    }

    @Test
    void never_saves_up_more_than_a_burst() {
        TokenBucket bucket = new TokenBucket(1000, 3);
        assertThat(bucket.take(0)).isZero();
        long later = 3600 * SECOND;
        int through = 0;
        while (bucket.take(later) == 0) {
            through++;
        }
        assertThat(through).isEqualTo(3);
    }

    @Test
    void a_refusal_takes_nothing() {
        TokenBucket bucket = new TokenBucket(1, 1);
        assertThat(bucket.take(0)).isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.take(SECOND / 2)).isPositive();
        }
        assertThat(bucket.take(SECOND)).isZero();
    }
}
