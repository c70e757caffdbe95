package dev.parlance.train.encoder;

import dev.parlance.train.nn.Dropout;
import dev.parlance.train.nn.Embedding;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.LayerNorm;
import dev.parlance.train.nn.SeedStream;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Token, position and token-type vectors added, normalized and dropped out. */
final class TransformerEmbeddings extends Layer {
    private final Embedding words;
    private final Embedding positions;
    private final @Nullable Embedding tokenTypes;
    private final LayerNorm norm;
    private final Dropout dropout;
    private final int paddingId;
    private final boolean countFromPaddingId;

    TransformerEmbeddings(EncoderConfig config, SeedStream seeds) {
        int width = config.embeddingSize();
        paddingId = config.padTokenId();
        countFromPaddingId = config.architecture().positions() == Architecture.Positions.AFTER_PADDING_ID;
        int positionPadding = countFromPaddingId ? paddingId : Embedding.NO_PADDING;
        words = child("word_embeddings", new Embedding(config.vocabSize(), width, paddingId));
        positions = child("position_embeddings", new Embedding(config.maxPositions(), width, positionPadding));
        tokenTypes = config.typeVocabSize() == 0
                ? null
                : child("token_type_embeddings", new Embedding(config.typeVocabSize(), width, Embedding.NO_PADDING));
        norm = child("LayerNorm", new LayerNorm(width, config.layerNormEps()));
        dropout = child("dropout", new Dropout(config.hiddenDropout(), seeds));
    }

    /** Int64 {@code [batch, seq]} to {@code [batch, seq, embedding]}. */
    Tensor forward(Tensor inputIds, @Nullable Tensor tokenTypeIds) {
        Tensor x = words.forward(inputIds); // [batch, seq, embedding]
        if (tokenTypes != null) {
            x = x.add(tokenTypeIds == null ? tokenTypes.weight().select(0, 0) : tokenTypes.forward(tokenTypeIds));
        }
        x = x.add(positionVectors(inputIds)); // [batch, seq, embedding]
        return dropout.forward(norm.forward(x));
    }

    private Tensor positionVectors(Tensor inputIds) {
        if (!countFromPaddingId) {
            return positions.weight().sliceLike(0, inputIds, 1); // [seq, embedding]
        }
        Tensor isToken = inputIds.notEqual(paddingId).to(Dtype.INT64); // [batch, seq]
        Tensor ids = isToken.cumsum(1).mul(isToken).add(paddingId); // [batch, seq]
        return positions.forward(ids); // [batch, seq, embedding]
    }
}
