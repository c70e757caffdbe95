package dev.parlance.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuantizationPartsTest {
    @Test
    void columns_and_rows_have_scales_of_their_own() {
        float[] matrix = {1, -100, 0, 0.6f, 50, 0};
        QuantizedMatrix byColumn = QuantizedMatrix.byColumn(matrix, 2, 3, 63);
        assertThat(byColumn.values()).containsExactly(63, -63, 0, 38, 32, 0);
        assertThat(byColumn.scales()).containsExactly(new float[] {1 / 63f, 100 / 63f, 1}, offset(1e-7f));
        QuantizedMatrix byRow = QuantizedMatrix.byRow(matrix, 2, 3);
        assertThat(byRow.values()).containsExactly(1, -127, 0, 2, 127, 0);
        assertThat(byRow.scales()).containsExactly(new float[] {100 / 127f, 50 / 127f}, offset(1e-6f));
    }

    @Test
    void a_range_has_a_byte_for_zero() {
        InputRange range = new InputRange(-1, 3);
        assertThat(range.scale()).isEqualTo(4 / 255f);
        assertThat(range.zeroPoint()).isEqualTo(64);
        assertThatThrownBy(() -> new InputRange(0.5f, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void percentile_and_entropy_leave_out_what_is_rare() {
        ValueHistogram histogram = new ValueHistogram();
        float[] values = new float[1_000_000];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[7] = 60;
        histogram.widen(values);
        histogram.count(values);
        InputRange all = histogram.range(QuantizationOptions.Calibration.MIN_MAX);
        assertThat(all.max()).isEqualTo(60);
        InputRange most = histogram.range(QuantizationOptions.Calibration.PERCENTILE);
        assertThat(most.max()).isBetween(3.5f, 4.5f); // 0.005 % of a normal distribution are over 3.9
        assertThat(most.min()).isBetween(-4.5f, -3.5f);
        InputRange telling = histogram.range(QuantizationOptions.Calibration.ENTROPY);
        assertThat(telling.max()).isLessThan(30).isGreaterThan(3);
    }

    @Test
    void a_value_that_never_changes_has_a_range() {
        ValueHistogram histogram = new ValueHistogram();
        histogram.widen(new float[] {0, 0});
        histogram.count(new float[] {0, 0});
        for (QuantizationOptions.Calibration calibration : QuantizationOptions.Calibration.values()) {
            assertThat(histogram.range(calibration)).isEqualTo(new InputRange(0, 1));
        }
    }

    /** Each group costs what its name says, in thousandths of the score. */
    private static final class Costs implements MixedPrecision.Trial {
        private final List<Set<String>> tried = new ArrayList<>();

        @Override
        public Map<String, Double> scores(Set<String> weights) {
            tried.add(new HashSet<>(weights));
            return Map.of(
                    "accuracy", 0.9 - weights.stream().mapToDouble(Costs::cost).sum());
        }

        @Override
        public double error(Set<String> weights) {
            return weights.stream().mapToDouble(Costs::cost).sum();
        }

        private static double cost(String weight) {
            return Integer.parseInt(weight) / 1000.0;
        }
    }

    private static MixedPrecision search(Costs costs) {
        List<LayerGroup> groups = List.of("1", "20", "3", "0", "10", "2").stream()
                .map(cost -> new LayerGroup("layer" + cost, Set.of(cost)))
                .toList();
        return new MixedPrecision(groups, costs, line -> {});
    }

    @Test
    void all_is_in_8_bits_if_that_holds() throws IOException {
        Costs costs = new Costs();
        MixedPrecision.Choice choice = search(costs).search(0.8, 5);
        assertThat(choice.kept()).isEmpty();
        assertThat(choice.errors()).isEmpty();
        assertThat(costs.tried).hasSize(1);
    }

    @Test
    void the_worst_layers_are_kept_until_the_score_holds() throws IOException {
        Costs costs = new Costs();
        MixedPrecision.Choice choice = search(costs).search(0.893, 5);
        assertThat(choice.kept()).containsExactlyInAnyOrder("layer20", "layer10");
        assertThat(choice.score()).isCloseTo(0.894, within(1e-9));
        assertThat(choice.errors()).containsEntry("layer20", 0.02).hasSize(6);
    }

    @Test
    void the_search_ends_with_the_best_it_has_seen() throws IOException {
        Costs costs = new Costs();
        MixedPrecision.Choice choice = search(costs).search(0.95, 2);
        assertThat(costs.tried).hasSize(3);
        assertThat(choice.kept()).containsExactlyInAnyOrder("layer20", "layer10");
    }

    @Test
    void the_target_stands_beside_the_model() {
        assertThat(request("models/sst2", null).target()).isEqualTo(Path.of("models/sst2-onnx"));
        assertThat(request("models/sst2/", QuantizationOptions.defaults()).target())
                .isEqualTo(Path.of("models/sst2-int8"));
        assertThat(request("minilm", null).target()).isEqualTo(Path.of("minilm-onnx"));
        assertThat(request("hf:owner/name@main", null).target()).isEqualTo(Path.of("name-onnx"));
    }

    private static ExportRequest request(String model, @Nullable QuantizationOptions quantization) {
        DataConfig reading = RunConfig.defaults().data();
        return new ExportRequest(
                model, ExportRequest.Format.ONNX, null, false, Opset.DEFAULT, true, quantization, null, reading);
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatThrownBy(() -> new QuantizationOptions(
                        QuantizationOptions.Method.DYNAMIC, QuantizationOptions.Calibration.MIN_MAX, 1, 1.5, 1, 1, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("max score drop is 1.5, expected 0 to 1");
        assertThatThrownBy(() -> ExportRequest.Format.ofName("torchscript"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expected onnx or huggingface");
    }
}
