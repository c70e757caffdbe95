package dev.parlance.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private static final BatchShape.Limits WIDE = new BatchShape.Limits(1_000, 100, 16);

    private final ServedModel model = new ServedModel(
            Fixtures.info("words", "1"),
            Fixtures.pipeline(new ControlledModel()),
            16,
            new TestOptions().build(),
            new SimpleMeterRegistry());
    private final BatchQueue queue = new BatchQueue();
    private long sequence;

    @AfterEach
    void close() {
        model.lease().release();
    }

    private Input add(int tokens) {
        Job job = new Job(model.info(), 1, 0, Long.MAX_VALUE);
        Input input = new Input(model, Fixtures.text(tokens), true, false, job, 0);
        model.lease().release(); // these inputs end with the test
        input.tokenized(model.pipeline().prepare(List.of(input.example())).get(0), 0);
        input.queued(sequence++, 0);
        queue.add(input);
        return input;
    }

    private List<Integer> lengths(BatchShape.Limits limits) {
        return queue.take(limits).stream().map(Input::length).toList();
    }

    @Test
    void takes_the_oldest_with_those_of_its_length() {
        for (int tokens : new int[] {10, 60, 10, 11, 60, 9, 10}) {
            add(tokens);
        }
        assertThat(lengths(WIDE)).containsExactlyInAnyOrder(10, 10, 10, 11, 9);
        assertThat(lengths(WIDE)).containsExactly(60, 60);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.tokens()).isZero();
    }

    @Test
    void the_oldest_goes_first_however_many_of_another_length_wait() {
        Input old = add(50);
        for (int i = 0; i < 50; i++) {
            add(5);
        }
        assertThat(queue.take(WIDE).get(0)).isSameAs(old);
    }

    @Test
    void a_batch_with_its_padding_keeps_to_its_bounds() {
        for (int i = 0; i < 40; i++) {
            add(10 + i % 3);
        }
        while (!queue.isEmpty()) {
            List<Integer> batch = lengths(new BatchShape.Limits(60, 100, 16));
            int longest = batch.stream().max(Integer::compare).orElseThrow();
            assertThat(batch.size() * longest).isLessThanOrEqualTo(60);
        }
        for (int i = 0; i < 10; i++) {
            add(10);
        }
        assertThat(lengths(new BatchShape.Limits(1_000, 4, 16))).hasSize(4);
    }

    @Test
    void an_input_longer_than_a_batch_may_be_runs_alone() {
        add(60);
        add(60);
        assertThat(lengths(new BatchShape.Limits(30, 100, 16))).containsExactly(60);
    }

    @Test
    void a_costly_start_of_a_batch_makes_padding_worth_while() {
        for (int tokens : new int[] {10, 40, 10, 40}) {
            add(tokens);
        }
        assertThat(lengths(new BatchShape.Limits(1_000, 100, 4))).containsExactly(10, 10);
        add(10);
        assertThat(lengths(new BatchShape.Limits(1_000, 100, 1_000))).hasSize(3);
    }

    @Test
    void takes_each_input_once_and_pads_little() {
        Random random = new Random(3);
        Set<Input> added = new HashSet<>();
        List<Input> taken = new ArrayList<>();
        long padded = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 40; i++) {
                added.add(add(3 + random.nextInt(60)));
            }
            List<Input> batch = queue.take(WIDE);
            taken.addAll(batch);
            padded += (long) batch.size()
                    * batch.stream().mapToInt(Input::length).max().orElseThrow();
        }
        while (!queue.isEmpty()) {
            List<Input> batch = queue.take(WIDE);
            taken.addAll(batch);
            padded += (long) batch.size()
                    * batch.stream().mapToInt(Input::length).max().orElseThrow();
        }
        assertThat(taken).hasSize(added.size()).containsExactlyInAnyOrderElementsOf(added);
        long real = taken.stream().mapToLong(Input::length).sum();
        assertThat((double) real / padded).isGreaterThan(0.95);
    }

    @Test
    void what_is_removed_is_not_taken() {
        Input first = add(5);
        Input second = add(5);
        assertThat(queue.remove(first)).isTrue();
        assertThat(queue.remove(first)).isFalse();
        assertThat(queue.oldest()).isSameAs(second);
        assertThat(queue.take(WIDE)).containsExactly(second);
        assertThat(queue.remove(second)).isFalse();
        assertThat(queue.size()).isZero();
    }
}
