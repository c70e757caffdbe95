package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.SharedData;
import dev.parlance.config.DataConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row and label counts as the data's manifest states them. */
class RealDataTest {
    @ParameterizedTest
    @CsvSource({
        "en-sst2/train.tsv, 6920, 2, positive, 3610",
        "en-sst2/dev.tsv, 872, 2, positive, 444",
        "en-sst2/test.tsv, 1821, 2, negative, 912",
        "en-agnews/train.tsv, 10000, 4, Sports, 2500",
        "en-agnews/test.tsv, 7600, 4, Sci/Tech, 1900",
        "en-trec/train.tsv, 5452, 6, ENTY, 1250",
        "en-trec/test.tsv, 500, 6, ABBR, 9",
        "en-banking77/train.tsv, 10003, 77, card_arrival, 153",
        "en-banking77/test.tsv, 3080, 77, card_arrival, 40",
        "en-clinc150/train.tsv, 15100, 151, oos, 100",
        "en-clinc150/test.tsv, 5500, 151, oos, 1000",
        "en-financial-phrasebank/test.tsv, 969, 3, neutral, 576",
        "zh-chnsenticorp/train.tsv.gz, 9600, 2, negative, 4801",
        "zh-chnsenticorp/test.tsv, 1200, 2, positive, 608",
        "zh-thucnews-titles/train.tsv, 9000, 10, game, 900",
        "zh-thucnews-titles/test.tsv, 10000, 10, realty, 1000"
    })
    void reads_all_rows_and_labels(String file, int rows, int labels, String label, int count) {
        Dataset data = Dataset.read(DataConfig.defaults(), SharedData.dir(file));
        assertThat(data.size()).isEqualTo(rows);
        assertThat(data.labels()).hasSize(labels);
        assertThat(data.labelCounts()).containsEntry(label, count);
        assertThat(data.columns().text().name()).isEqualTo("text");
    }

    @Test
    void keeps_every_quote_and_backslash_of_ag_news() {
        Dataset data = Dataset.read(DataConfig.defaults(), SharedData.dir("en-agnews/train.tsv"));
        assertThat(count(data, '"')).isEqualTo(1177); // as counted in the bytes of the file
        assertThat(count(data, '\\')).isEqualTo(2565);
        assertThat(data.findings()).extracting(Finding::kind).containsExactly("quoting");
    }

    private static long count(Dataset data, char wanted) {
        return data.examples().stream()
                .flatMapToInt(example -> example.text().chars())
                .filter(c -> c == wanted)
                .count();
    }
}
