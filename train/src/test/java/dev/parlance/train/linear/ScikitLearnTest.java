package dev.parlance.train.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.config.LinearConfig;
import dev.parlance.data.Example;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.Parallel;
import dev.parlance.linear.TfIdf;
import dev.parlance.task.Softmax;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Features, coefficients and probabilities beside those of scikit-learn 1.9.1, written by {@code runs/reference/linear.py}
 * (solver lbfgs to a gradient of 1e-10). Features are held to 1e-6, probabilities and coefficients to 1e-4: they are kept in
 * 32 bits.
 */
class ScikitLearnTest {
    private static final Parallel PARALLEL = new Parallel(2);

    @AfterAll
    static void close() {
        PARALLEL.close();
    }

    static Stream<Case> cases() {
        try (InputStream in = Objects.requireNonNull(ScikitLearnTest.class.getResourceAsStream("scikit-learn.json"))) {
            JsonNode cases = new ObjectMapper().readTree(in).path("cases");
            return StreamSupport.stream(cases.spliterator(), false).map(Case::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A training set with what scikit-learn makes of it. */
    record Case(JsonNode json) {
        LinearConfig config() {
            return new LinearConfig(
                    json.path("c").asDouble(),
                    "1,2",
                    "2,5",
                    1_000_000,
                    json.path("min_df").asInt(),
                    json.path("sublinear_tf").asBoolean(),
                    true,
                    1e-9,
                    200,
                    40_000_000);
        }

        List<String> labels() {
            return strings("labels");
        }

        List<String> strings(String name) {
            List<String> all = new ArrayList<>();
            json.path(name).forEach(node -> all.add(node.asText()));
            return all;
        }

        List<Example> train() {
            List<Example> all = new ArrayList<>();
            json.path("train")
                    .forEach(row ->
                            all.add(Example.of(row.get(0).asText(), row.get(1).asText())));
            return all;
        }

        TfIdf tfIdf() {
            return TfIdf.fit(train(), config(), labels().size(), PARALLEL);
        }

        @Override
        public String toString() {
            return json.path("name").asText();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void features_are_those_of_the_vectorizer(Case of) {
        TfIdf tfIdf = of.tfIdf();
        List<String> names = new ArrayList<>(of.strings("word_features"));
        names.addAll(of.strings("char_features"));
        assertThat(IntStream.range(0, tfIdf.size())
                        .mapToObj(id -> tfIdf.feature(id).text()))
                .containsExactlyInAnyOrderElementsOf(names);
        List<String> texts = new ArrayList<>(of.strings("texts"));
        List<Example> train = of.train();
        train.subList(train.size() - 10, train.size()).forEach(example -> texts.add(example.text()));
        int words = of.strings("word_features").size();
        for (int i = 0; i < texts.size(); i++) {
            FeatureVector found = tfIdf.transform(texts.get(i));
            JsonNode expected = of.json().path("features").get(i);
            assertThat(found.size()).as(texts.get(i)).isEqualTo(expected.size());
            Map<String, Double> byName = new HashMap<>();
            expected.properties().forEach(entry -> {
                int id = Integer.parseInt(entry.getKey());
                byName.put(
                        (id < words ? "word " : "char ") + names.get(id),
                        entry.getValue().asDouble());
            });
            for (int j = 0; j < found.size(); j++) {
                String name = tfIdf.feature(found.ids()[j]).kind() + " "
                        + tfIdf.feature(found.ids()[j]).text();
                assertThat(byName).as(texts.get(i)).containsKey(name);
                assertThat((double) found.values()[j]).as(name).isCloseTo(byName.get(name), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_optimum_is_that_of_the_logistic_regression(Case of) {
        TfIdf tfIdf = of.tfIdf();
        List<String> labels = of.labels();
        List<Example> train = of.train();
        int[] targets = train.stream()
                .mapToInt(example -> labels.indexOf(example.goldLabel()))
                .toArray();
        LinearModel model = LinearFit.over(
                        tfIdf.transformAll(train, PARALLEL),
                        targets,
                        weights(of, targets),
                        tfIdf.size(),
                        labels.size(),
                        of.config(),
                        PARALLEL)
                .with(of.config().c(), FitListener.NONE);
        List<String> texts = of.strings("texts");
        for (int i = 0; i < texts.size(); i++) {
            double[] found = Softmax.of(model.logits(tfIdf.transform(texts.get(i))));
            for (int k = 0; k < found.length; k++) {
                double expected = of.json().path("probabilities").get(i).get(k).asDouble();
                assertThat(found[k]).as(texts.get(i)).isCloseTo(expected, within(1e-4));
            }
        }
        compareCoefficients(of, tfIdf, model);
    }

    private static double[] weights(Case of, int[] targets) {
        if (!of.json().path("class_weight").asText().equals("balanced")) {
            return IntStream.of(targets).mapToDouble(target -> 1).toArray();
        }
        int labels = of.labels().size();
        return IntStream.of(targets)
                .mapToDouble(target -> (double) targets.length
                        / labels
                        / IntStream.of(targets).filter(other -> other == target).count())
                .toArray();
    }

    private static void compareCoefficients(Case of, TfIdf tfIdf, LinearModel model) {
        int labels = of.labels().size();
        JsonNode rows = of.json().path("coefficients");
        List<String> words = of.strings("word_features");
        List<String> chars = of.strings("char_features");
        for (int id = 0; id < tfIdf.size(); id++) {
            int column = tfIdf.feature(id).kind().equals("word")
                    ? words.indexOf(tfIdf.feature(id).text())
                    : words.size() + chars.indexOf(tfIdf.feature(id).text());
            for (int row = 0; row < rows.size(); row++) {
                int label = labels == 2 ? 1 : row;
                double expected = rows.get(row).get(column).asDouble();
                assertThat((double) model.weights()[id * labels + label])
                        .as(tfIdf.feature(id).text())
                        .isCloseTo(expected, within(1e-4));
            }
        }
    }
}
