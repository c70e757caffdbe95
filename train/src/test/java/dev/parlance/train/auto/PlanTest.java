package dev.parlance.train.auto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.RunConfig;
import dev.parlance.text.Language;
import dev.parlance.train.loop.TrainingCost;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final RunConfig CONFIG = RunConfig.defaults();

    private static DataFacts rows(int train) {
        return new DataFacts(train, train / 10, train / 10, 2, train / 2, train / 2, List.of(Language.EN));
    }

    /** Texts of one length, 1,000 tokens a second; attention costs nothing. */
    private static TrainingCost cost(int... lengths) {
        return new TrainingCost("minilm", 1e-4, 512, lengths, 1, 0, 1_000);
    }

    @Test
    void small_data_gets_more_passes_than_large_data() {
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(20), 1e9, true).epochs()).isEqualTo(12);
        assertThat(Plan.fit(CONFIG, rows(5_452), cost(20), 1e9, true).epochs()).isEqualTo(6);
        assertThat(Plan.fit(CONFIG, rows(100_000), cost(20), 1e9, true).epochs())
                .isEqualTo(3);
    }

    @Test
    void passes_that_the_user_asks_for_are_kept() {
        RunConfig asked = CONFIG.with("training.num_train_epochs", 7);
        assertThat(Plan.fit(asked, rows(100_000), cost(20), 1e9, true).epochs()).isEqualTo(7);
    }

    @Test
    void a_short_time_gives_fewer_passes_or_a_part_of_one() {
        Plan two = Plan.fit(CONFIG, rows(100_000), cost(20), 5_500, true);
        assertThat(two.epochs()).isEqualTo(2);
        assertThat(two.seconds()).isLessThan(5_500);
        assertThat(two.why()).contains("2 epochs, as many as fit the time (3 epochs would be usual)");
        Plan part = Plan.fit(CONFIG, rows(100_000), cost(20), 600, true);
        assertThat(part.epochs()).isBetween(0.05, 0.3);
        assertThat(part.seconds()).isLessThan(600);
    }

    @Test
    void a_later_encoder_is_not_trained_by_halves() {
        assertThat(Plan.fit(CONFIG, rows(100_000), cost(20), 600, false).epochs())
                .isZero();
        assertThat(Plan.fit(CONFIG, rows(100_000), cost(20), 600, false).why())
                .startsWith("there are 10.0 min left, of which ")
                .endsWith(" are needed for 1.5 epochs");
        assertThat(Plan.fit(CONFIG, rows(100_000), cost(20), 5_500, false).epochs())
                .isEqualTo(2);
    }

    @Test
    void no_time_at_all_trains_nothing() {
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(20), 5, true).epochs()).isZero();
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(20), -5, true).epochs()).isZero();
    }

    @Test
    void long_texts_are_cut_later_if_there_is_time_for_it() {
        int[] lengths = IntStream.rangeClosed(1, 100).map(i -> i * 4).toArray(); // 95 % have at most 380 tokens
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(lengths), 1e9, true).maxLength())
                .isEqualTo(384);
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(lengths), 250, true).maxLength())
                .isEqualTo(128);
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(lengths), 250, true).why())
                .contains("texts are cut after 128 tokens, which 68.0 % of them have more than");
        RunConfig asked = CONFIG.with("model.max_length", 64);
        assertThat(Plan.fit(asked, rows(1_000), cost(lengths), 1e9, true).maxLength())
                .isEqualTo(64);
        int[] veryLong = new int[100];
        Arrays.fill(veryLong, 500);
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(veryLong), 1e9, true).maxLength())
                .isEqualTo(512);
        int[] oftenShort = new int[100];
        Arrays.fill(oftenShort, 0, 97, 100);
        Arrays.fill(oftenShort, 97, 100, 500);
        assertThat(Plan.fit(CONFIG, rows(1_000), cost(oftenShort), 1e9, true).maxLength())
                .isEqualTo(128);
    }
}
