package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters that are trained alike.
 *
 * @param parameters by their Hugging Face names
 * @param learningRateScale what the learning rate is multiplied with
 * @param weightDecay how strongly weights are pulled towards 0
 */
public record ParameterGroup(Map<String, Tensor> parameters, double learningRateScale, double weightDecay) {
    public ParameterGroup {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Groups a model's parameters by how deep they sit and whether they are decayed, leaving out those that stay frozen all
     * the time. The learning rate falls with the distance from the head by {@code layerwise_lr_decay} a layer (Howard and
     * Ruder, 2018; Clark et al., 2020), where the last block is one away; the head has {@code head_learning_rate}.
     */
    public static List<ParameterGroup> of(Map<String, Tensor> parameters, Depths depths, TrainingArguments arguments) {
        Freezing freezing = Freezing.of(depths, arguments);
        List<ParameterGroup> groups = new ArrayList<>();
        for (int depth = 0; depth <= depths.head(); depth++) {
            for (boolean decayed : new boolean[] {true, false}) {
                Map<String, Tensor> members = new LinkedHashMap<>();
                int wanted = depth;
                parameters.forEach((name, tensor) -> {
                    if (depths.of(name) == wanted && isDecayed(name) == decayed && !freezing.isAlwaysFrozen(name)) {
                        members.put(name, tensor);
                    }
                });
                if (!members.isEmpty()) {
                    double scale = scale(depth, depths, arguments);
                    groups.add(new ParameterGroup(members, scale, decayed ? arguments.weightDecay() : 0));
                }
            }
        }
        return groups;
    }

    /** Biases and layer norms are not decayed, as in transformers' Trainer. */
    static boolean isDecayed(String name) {
        return !name.endsWith("bias") && !name.contains("LayerNorm") && !name.contains("layer_norm");
    }

    private static double scale(int depth, Depths depths, TrainingArguments arguments) {
        return depth == depths.head() && arguments.headLearningRate() > 0
                ? arguments.headLearningRate() / arguments.learningRate()
                : Math.pow(arguments.layerwiseLrDecay(), depths.head() - depth);
    }
}
