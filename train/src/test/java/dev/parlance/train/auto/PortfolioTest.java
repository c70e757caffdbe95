package dev.parlance.train.auto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.RunConfig;
import dev.parlance.text.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortfolioTest {
    private static final RunConfig CONFIG = RunConfig.defaults();

    private static DataFacts facts(int labels, Language... languages) {
        return new DataFacts(1_000, 100, 100, labels, 10, 10, List.of(languages));
    }

    /** All that would be tried, if the first encoder stays the best. */
    private static List<Portfolio.Entry> all(RunConfig config, DataFacts facts) {
        Portfolio portfolio = new Portfolio(config, facts);
        List<Portfolio.Entry> tried = new ArrayList<>();
        for (Optional<Portfolio.Entry> next = portfolio.next(tried, Optional.empty());
                next.isPresent();
                next = portfolio.next(tried, Optional.of(tried.get(0)))) {
            tried.add(next.get());
        }
        return tried;
    }

    @Test
    void english_gets_two_encoders_and_the_best_of_them_in_other_ways() {
        List<Portfolio.Entry> entries = all(CONFIG, facts(2, Language.EN));
        assertThat(entries)
                .extracting(Portfolio.Entry::name)
                .containsExactly("minilm", "bge-small-en", "minilm-rate", "minilm-seed");
        assertThat(entries).extracting(Portfolio.Entry::rateFactor).containsExactly(1.0, 1.0, 3.0, 1.0);
        assertThat(entries.get(3).seed()).isEqualTo(CONFIG.training().seed() + 1);
    }

    @Test
    void chinese_gets_the_encoder_for_chinese_also_beside_english() {
        assertThat(all(CONFIG, facts(2, Language.ZH)).get(0).model()).isEqualTo("bge-small-zh");
        assertThat(all(CONFIG, facts(2, Language.EN, Language.ZH)).get(0).model())
                .isEqualTo("bge-small-zh");
    }

    @Test
    void another_language_is_told_that_no_encoder_knows_it() {
        assertThat(all(CONFIG, facts(2)).get(0).why()).contains("no built-in encoder knows the language");
    }

    @Test
    void many_labels_take_a_higher_rate_first() {
        List<Portfolio.Entry> entries = all(CONFIG, facts(77, Language.EN));
        assertThat(entries.get(0).rateFactor()).isEqualTo(3);
        assertThat(entries.get(0).why()).contains("since there are 77 labels");
        assertThat(entries.get(2).rateFactor()).isEqualTo(1);
    }

    @Test
    void what_the_user_sets_stays() {
        RunConfig rate = CONFIG.with("training.learning_rate", 2e-5);
        assertThat(all(rate, facts(77, Language.EN)))
                .extracting(Portfolio.Entry::rateFactor)
                .containsOnly(1.0);
        RunConfig model = CONFIG.with("model.model_name_or_path", "hf:intfloat/multilingual-e5-small@main");
        List<Portfolio.Entry> entries = all(model, facts(2, Language.EN));
        assertThat(entries).extracting(Portfolio.Entry::model).containsOnly("hf:intfloat/multilingual-e5-small@main");
        assertThat(entries.get(0).name()).isEqualTo("multilingual-e5-small-main");
    }
}
