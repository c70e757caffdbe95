package dev.parlance.train.encoder;

import dev.parlance.train.nn.Activation;
import dev.parlance.train.nn.Dropout;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.LayerNorm;
import dev.parlance.train.nn.Linear;
import dev.parlance.train.nn.SeedStream;
import dev.parlance.train.nn.SelfAttention;
import dev.parlance.train.tensor.Tensor;

/** Self-attention and a feed-forward network, each with dropout, a residual connection and a layer norm. */
final class TransformerBlock extends Layer {
    private final SelfAttention attention;
    private final LayerNorm attentionNorm;
    private final Linear intermediate;
    private final Activation activation;
    private final Linear output;
    private final LayerNorm outputNorm;
    private final Dropout dropout;
    private final boolean preNorm;

    TransformerBlock(EncoderConfig config, SeedStream seeds) {
        BlockNames names = config.architecture().names();
        int hidden = config.hiddenSize();
        Dropout attentionDropout = new Dropout(config.attentionDropout(), seeds);
        attention = child("", new SelfAttention(hidden, config.heads(), attentionDropout, names.attention()));
        attentionNorm = child(names.attentionNorm(), new LayerNorm(hidden, config.layerNormEps()));
        intermediate = child(names.intermediate(), new Linear(hidden, config.intermediateSize()));
        activation = config.activation();
        output = child(names.output(), new Linear(config.intermediateSize(), hidden));
        outputNorm = child(names.outputNorm(), new LayerNorm(hidden, config.layerNormEps()));
        dropout = child("dropout", new Dropout(config.hiddenDropout(), seeds));
        preNorm = config.architecture().isPreNorm();
    }

    /** {@code [batch, seq, hidden]}, same shape out; the mask is {@code [batch, 1, 1, seq]}. */
    Tensor forward(Tensor x, Tensor additiveMask) {
        if (preNorm) {
            Tensor normal = attentionNorm.forward(x); // [batch, seq, hidden]
            return normalizeFirst(x, normal, normal, additiveMask);
        }
        return normalizeLast(x, x, additiveMask);
    }

    /** What {@link #forward} gives the first token, {@code [batch, 1, hidden]}, without what only others need. */
    Tensor forwardFirst(Tensor x, Tensor additiveMask) {
        if (preNorm) {
            Tensor normal = attentionNorm.forward(x); // [batch, seq, hidden]
            return normalizeFirst(first(x), first(normal), normal, additiveMask);
        }
        return normalizeLast(first(x), x, additiveMask);
    }

    private Tensor normalizeFirst(Tensor positions, Tensor normalPositions, Tensor normal, Tensor additiveMask) {
        Tensor attended = positions.add(attend(normalPositions, normal, additiveMask)); // [batch, asked, hidden]
        return attended.add(feedForward(outputNorm.forward(attended))); // [batch, asked, hidden]
    }

    private Tensor normalizeLast(Tensor positions, Tensor x, Tensor additiveMask) {
        Tensor attended =
                attentionNorm.forward(attend(positions, x, additiveMask).add(positions)); // [batch, asked, hidden]
        return outputNorm.forward(feedForward(attended).add(attended)); // [batch, asked, hidden]
    }

    private static Tensor first(Tensor x) {
        return x.slice(1, 0, 1); // [batch, 1, hidden]
    }

    private Tensor attend(Tensor positions, Tensor x, Tensor additiveMask) {
        return dropout.forward(attention.forward(positions, x, additiveMask));
    }

    private Tensor feedForward(Tensor x) {
        Tensor wide = activation.forward(intermediate.forward(x)); // [batch, seq, intermediate]
        return dropout.forward(output.forward(wide)); // [batch, seq, hidden]
    }
}
