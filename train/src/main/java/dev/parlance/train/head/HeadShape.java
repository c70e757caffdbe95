package dev.parlance.train.head;

import dev.parlance.train.encoder.Architecture;
import dev.parlance.train.nn.Activation;

/**
 * In what the classification heads of transformers differ between architectures.
 *
 * @param dense name of the first projection
 * @param output name of the last projection
 * @param activation between them
 * @param dropoutFirst whether the first token's state is dropped out before the first projection, too
 */
record HeadShape(String dense, String output, Activation activation, boolean dropoutFirst) {
    static HeadShape of(Architecture architecture) {
        return switch (architecture) {
            case BERT -> new HeadShape("bert.pooler.dense", "classifier", Activation.TANH, false);
            case DISTILBERT -> new HeadShape("pre_classifier", "classifier", Activation.RELU, false);
            case ELECTRA -> new HeadShape("classifier.dense", "classifier.out_proj", Activation.GELU, true);
            case ROBERTA, XLM_ROBERTA, CAMEMBERT, ROBERTA_PRELAYERNORM ->
                new HeadShape("classifier.dense", "classifier.out_proj", Activation.TANH, true);
        };
    }
}
