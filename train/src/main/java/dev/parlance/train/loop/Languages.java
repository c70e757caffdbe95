package dev.parlance.train.loop;

import dev.parlance.data.Example;
import dev.parlance.text.Language;
import java.util.List;
import java.util.stream.Stream;

/** Which languages a data set is written in. */
public final class Languages {
    private static final int SAMPLE = 2000;
    private static final double MIN_SHARE = 0.05;

    private Languages() {}

    /** English and Chinese, where at least {@value #MIN_SHARE} of a sample of the texts are written in them. */
    public static List<Language> of(List<Example> examples) {
        int step = Math.max(1, examples.size() / SAMPLE);
        List<Language> sample = Stream.iterate(0, i -> i < examples.size(), i -> i + step)
                .map(i -> Language.of(examples.get(i).text()))
                .toList();
        return Stream.of(Language.EN, Language.ZH)
                .filter(language -> count(sample, language) >= MIN_SHARE * sample.size())
                .toList();
    }

    private static long count(List<Language> sample, Language language) {
        return sample.stream().filter(language::equals).count();
    }
}
