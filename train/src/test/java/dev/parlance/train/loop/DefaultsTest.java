package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import dev.parlance.text.Language;
import dev.parlance.train.tensor.TorchInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "data/reviews.csv, models/reviews",
        "reviews.csv.gz, models/reviews",
        "reviews, models/reviews",
        "../a b/.hidden.tsv, models/.hidden",
    })
    void the_output_is_named_after_the_data(String train, String output) {
        RunConfig config = RunConfig.defaults().with("data.train", train);
        assertThat(Defaults.withOutputDir(config).outputDir()).isEqualTo(output);
        assertThat(Defaults.withOutputDir(config.with("output_dir", "mine")).outputDir())
                .isEqualTo("mine");
    }

    @Test
    void without_data_there_is_no_name() {
        assertThatThrownBy(() -> Defaults.withOutputDir(RunConfig.defaults()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("data.train is not set");
    }

    @Test
    void the_model_fits_the_language() {
        assertThat(model("where is my parcel", 60, "我的包裹到哪里了", 0)).isEqualTo("minilm");
        assertThat(model("where is my parcel", 0, "我的包裹到哪里了", 60)).isEqualTo("bge-small-zh");
        assertThat(model("where is my parcel", 50, "我的包裹到哪里了", 10)).isEqualTo("bge-small-zh");
        assertThat(model("where is my parcel", 59, "我的包裹到哪里了", 1)).isEqualTo("minilm");
    }

    @Test
    void a_language_counts_from_a_twentieth_of_the_texts() {
        List<Example> examples = new ArrayList<>(Collections.nCopies(95, Example.of("an english text")));
        examples.addAll(Collections.nCopies(5, Example.of("一个中文句子")));
        assertThat(Languages.of(examples)).containsExactly(Language.EN, Language.ZH);
        assertThat(Languages.of(examples.subList(0, 99))).containsExactly(Language.EN);
        assertThat(Languages.of(List.of())).isEqualTo(List.of(Language.EN, Language.ZH));
    }

    @ParameterizedTest
    @CsvSource({"384, 1e-4", "512, 1e-4", "513, 5e-5", "1024, 5e-5"})
    void wide_encoders_take_smaller_steps(int hiddenSize, double learningRate) {
        RunConfig config = RunConfig.defaults();
        assertThat(Defaults.withLearningRate(config, hiddenSize).training().learningRate())
                .isEqualTo(learningRate);
        RunConfig given = config.with("training.learning_rate", 3e-4);
        assertThat(Defaults.withLearningRate(given, hiddenSize)).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource({
        "adamw, '', 1e-4, 5e-5",
        "lion, '', 2e-5, 1e-5",
        "sgd, '', 0.1, 0.05",
        "sgd, momentum=0.9, 0.01, 0.005",
        "nesterov, '', 0.01, 0.005",
        "adafactor, '', 1e-4, 5e-5",
        "adafactor, relative_step=true, 1, 1",
    })
    void each_optimizer_has_a_learning_rate_of_its_own(String optim, String args, double small, double wide) {
        RunConfig config = RunConfig.defaults().with("training.optim", optim).with("training.optim_args", args);
        RunConfig resolved = Defaults.withLearningRate(config, 384);
        resolved.training().refuseContradictions(); // a saved run can be repeated
        assertThat(resolved.training().learningRate()).isEqualTo(small);
        assertThat(Defaults.withLearningRate(config, 1024).training().learningRate())
                .isEqualTo(wide);
    }

    @Test
    void bf16_is_chosen_only_where_the_processor_has_it() {
        assertThat(Defaults.bf16("auto")).isEqualTo(TorchInfo.hasBf16());
        assertThat(Defaults.bf16("fp32")).isFalse();
        assertThat(Defaults.bf16("bf16")).isTrue();
    }

    @Test
    void balanced_weights_are_those_of_scikit_learn() {
        float[] weights = ClassWeights.of("balanced", new int[] {6, 3, 1}); // 10 / (3 x count)
        assertThat(weights).containsExactly(new float[] {0.5556f, 1.1111f, 3.3333f}, within(1e-4f));
        assertThat(ClassWeights.of("balanced", new int[] {2, 0})).containsExactly(0.5f, 1);
        assertThat(ClassWeights.of("none", new int[] {6, 3, 1})).isNull();
    }

    private String model(String english, int englishTexts, String chinese, int chineseTexts) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < englishTexts; i++) {
            examples.add(Example.of(english + " " + i, i % 2 == 0 ? "a" : "b"));
        }
        for (int i = 0; i < chineseTexts; i++) {
            examples.add(Example.of(chinese + i, i % 2 == 0 ? "a" : "b"));
        }
        Path file = TinyDirectory.write(folder.resolve("texts.csv"), examples);
        RunConfig config = RunConfig.defaults().with("data.train", file.toString());
        return Defaults.withModel(config, Splits.read(config.data())).model().modelNameOrPath();
    }
}
