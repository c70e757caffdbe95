package dev.parlance.train.optim;

import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.train.encoder.Depths;

/**
 * Which layers keep their weights, by epoch. Frozen ones need no gradient, so that backpropagation ends above them.
 *
 * @param depths of the parameters
 * @param frozen layers that never learn, from the embeddings up
 * @param unfrozenPerEpoch blocks that begin to learn with each epoch after the first, from the last block down (gradual
 *     unfreezing; Howard and Ruder, 2018); 0 lets all learn from the start
 */
public record Freezing(Depths depths, int frozen, int unfrozenPerEpoch) {
    /**
     * What {@code freeze_layers} and {@code unfreeze_layers_per_epoch} say.
     *
     * @throws UserError if the model has fewer blocks
     */
    public static Freezing of(Depths depths, TrainingArguments arguments) {
        String layers = arguments.freezeLayers();
        int frozen =
                switch (layers) {
                    case "none" -> 0;
                    case "embeddings" -> 1;
                    case "all" -> depths.head();
                    default -> Integer.parseInt(layers) + 1;
                };
        if (frozen > depths.head()) {
            throw new UserError("training.freeze_layers is " + layers + " but the model has " + depths.blocks()
                    + " blocks, expected at most " + depths.blocks());
        }
        return new Freezing(depths, frozen, arguments.unfreezeLayersPerEpoch());
    }

    /** Whether a parameter never learns. */
    public boolean isAlwaysFrozen(String name) {
        return depths.of(name) < frozen;
    }

    /** Whether a parameter does not learn in an epoch, counted from 0. */
    public boolean isFrozen(String name, int epoch) {
        long thawed = unfrozenPerEpoch == 0 ? depths.head() : (long) unfrozenPerEpoch * epoch;
        return depths.of(name) < Math.max(frozen, depths.head() - thawed);
    }
}
