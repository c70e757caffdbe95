package dev.parlance.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.head.TinyModel;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterGroupTest {
    private static TrainingArguments arguments(Map<String, Object> settings) {
        RunConfig config = RunConfig.defaults().with("training.learning_rate", 1e-4);
        for (Map.Entry<String, Object> setting : settings.entrySet()) {
            config = config.with("training." + setting.getKey(), setting.getValue());
        }
        return config.training();
    }

    private static ParameterGroup groupOf(List<ParameterGroup> groups, String name) {
        return groups.stream()
                .filter(group -> group.parameters().containsKey(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is in no group"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert", "roberta", "xlm-roberta", "camembert", "roberta-prelayernorm", "distilbert", "electra"})
    void every_parameter_is_in_one_group_and_every_depth_is_met(String name) {
        TinyModel tiny = TinyModel.of(name);
        try (SequenceClassifier model = tiny.load()) {
            Map<String, Tensor> all = model.namedParameters();
            Depths depths = Depths.of(tiny.config());
            assertThat(all.keySet().stream().map(depths::of).distinct()).containsExactlyInAnyOrder(0, 1, 2, 3);
            all.keySet().forEach(parameter -> assertThat(depths.of(parameter) == 3)
                    .as(parameter)
                    .isEqualTo(parameter.contains("classifier") || parameter.contains("pooler")));
            all.keySet().forEach(parameter -> assertThat(depths.of(parameter) == 0)
                    .as(parameter)
                    .isEqualTo(parameter.contains("embeddings")));
            List<ParameterGroup> groups = ParameterGroup.of(all, depths, arguments(Map.of()));
            List<String> members = new ArrayList<>();
            groups.forEach(group -> members.addAll(group.parameters().keySet()));
            assertThat(members).containsExactlyInAnyOrderElementsOf(all.keySet());
            assertThat(groups)
                    .allSatisfy(group -> assertThat(group.learningRateScale()).isEqualTo(1));
        }
    }

    @Test
    void the_last_norm_of_a_pre_norm_encoder_goes_with_the_last_block() {
        Depths depths = Depths.of(TinyModel.of("roberta-prelayernorm").config());
        assertThat(depths.of("roberta_prelayernorm.LayerNorm.weight")).isEqualTo(2);
        assertThat(depths.of("roberta_prelayernorm.encoder.layer.0.attention.LayerNorm.weight"))
                .isEqualTo(1);
        assertThat(depths.of("roberta_prelayernorm.embeddings.LayerNorm.weight"))
                .isZero();
    }

    @Test
    void rates_fall_with_the_distance_from_the_head() {
        TinyModel tiny = TinyModel.of("bert");
        try (SequenceClassifier model = tiny.load()) {
            List<ParameterGroup> groups = ParameterGroup.of(
                    model.namedParameters(),
                    Depths.of(tiny.config()),
                    arguments(Map.of("layerwise_lr_decay", 0.8, "head_learning_rate", 5e-4)));
            assertThat(groupOf(groups, "bert.embeddings.word_embeddings.weight").learningRateScale())
                    .isCloseTo(0.512, within(1e-12));
            assertThat(groupOf(groups, "bert.encoder.layer.0.output.dense.bias").learningRateScale())
                    .isCloseTo(0.64, within(1e-12));
            assertThat(groupOf(groups, "bert.encoder.layer.1.output.dense.weight")
                            .learningRateScale())
                    .isCloseTo(0.8, within(1e-12));
            assertThat(groupOf(groups, "bert.pooler.dense.weight").learningRateScale())
                    .isCloseTo(5, within(1e-12));
            assertThat(groupOf(groups, "classifier.weight").learningRateScale()).isCloseTo(5, within(1e-12));
        }
    }

    @Test
    void biases_and_norms_are_not_decayed() {
        TinyModel tiny = TinyModel.of("distilbert");
        try (SequenceClassifier model = tiny.load()) {
            List<ParameterGroup> groups = ParameterGroup.of(
                    model.namedParameters(), Depths.of(tiny.config()), arguments(Map.of("weight_decay", 0.3)));
            assertThat(groupOf(groups, "classifier.weight").weightDecay()).isEqualTo(0.3);
            assertThat(groupOf(groups, "classifier.bias").weightDecay()).isZero();
            assertThat(groupOf(groups, "distilbert.transformer.layer.0.sa_layer_norm.weight")
                            .weightDecay())
                    .isZero();
            assertThat(groupOf(groups, "distilbert.embeddings.LayerNorm.weight").weightDecay())
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"none, 0", "embeddings, 1", "0, 1", "1, 2", "2, 3", "all, 3"})
    void frozen_layers_are_in_no_group(String layers, int firstTrained) {
        TinyModel tiny = TinyModel.of("electra");
        Depths depths = Depths.of(tiny.config());
        try (SequenceClassifier model = tiny.load()) {
            List<ParameterGroup> groups =
                    ParameterGroup.of(model.namedParameters(), depths, arguments(Map.of("freeze_layers", layers)));
            assertThat(groups.stream()
                            .flatMap(group -> group.parameters().keySet().stream())
                            .mapToInt(depths::of)
                            .min())
                    .hasValue(firstTrained);
        }
    }

    @Test
    void refuses_to_freeze_more_blocks_than_there_are() {
        Depths depths = Depths.of(TinyModel.of("bert").config());
        assertThatThrownBy(() -> Freezing.of(depths, arguments(Map.of("freeze_layers", "3"))))
                .isInstanceOf(UserError.class)
                .hasMessage("training.freeze_layers is 3 but the model has 2 blocks, expected at most 2");
    }

    @ParameterizedTest
    @CsvSource({
        "none, 1, 0, 3",
        "none, 1, 1, 2",
        "none, 1, 3, 0",
        "none, 1, 9, 0",
        "none, 2, 1, 1",
        "1, 1, 0, 3",
        "1, 1, 9, 2"
    })
    void blocks_thaw_from_the_last(String frozen, int perEpoch, int epoch, int firstTrained) {
        Depths depths = Depths.of(TinyModel.of("bert").config());
        Freezing freezing =
                Freezing.of(depths, arguments(Map.of("freeze_layers", frozen, "unfreeze_layers_per_epoch", perEpoch)));
        List<String> names = List.of(
                "bert.embeddings.LayerNorm.bias",
                "bert.encoder.layer.0.output.dense.bias",
                "bert.encoder.layer.1.output.dense.bias",
                "classifier.bias");
        for (int depth = 0; depth < names.size(); depth++) {
            assertThat(freezing.isFrozen(names.get(depth), epoch)).isEqualTo(depth < firstTrained);
        }
    }
}
