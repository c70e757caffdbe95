package dev.parlance.train.weights;

/**
 * The sizes of a BERT encoder, named as in Hugging Face's config.json.
 *
 * @param layerNormEps what LayerNorm adds to the variance
 */
public record BertShape(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps) {
    public BertShape {
        if (vocabSize < 1
                || numHiddenLayers < 1
                || intermediateSize < 1
                || maxPositionEmbeddings < 1
                || typeVocabSize < 1
                || !(layerNormEps > 0)) {
            throw new IllegalArgumentException("sizes must be positive");
        }
        if (numAttentionHeads < 1 || hiddenSize < 1 || hiddenSize % numAttentionHeads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size " + hiddenSize + " is no multiple of num_attention_heads " + numAttentionHeads);
        }
    }
}
