package dev.parlance.train.nn;

import static dev.parlance.train.tensor.Tensor.KEEP;

import dev.parlance.train.tensor.Tensor;

/**
 * Multi-head scaled dot-product self-attention with its output projection (Vaswani et al., 2017). Written out instead of
 * libtorch's fused kernel, which is slower in training on CPUs.
 */
public final class SelfAttention extends Layer {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Dropout dropout;
    private final int hiddenSize;
    private final int heads;

    /** Names of the four projections below this layer. */
    public record Names(String query, String key, String value, String output) {}

    /** {@code heads} must divide {@code hiddenSize}; {@code dropout} acts on the attention probabilities. */
    public SelfAttention(int hiddenSize, int heads, Dropout dropout, Names names) {
        if (hiddenSize % heads != 0) {
            throw new IllegalArgumentException(heads + " heads do not divide a hidden size of " + hiddenSize);
        }
        this.hiddenSize = hiddenSize;
        this.heads = heads;
        this.query = child(names.query(), new Linear(hiddenSize, hiddenSize));
        this.key = child(names.key(), new Linear(hiddenSize, hiddenSize));
        this.value = child(names.value(), new Linear(hiddenSize, hiddenSize));
        this.output = child(names.output(), new Linear(hiddenSize, hiddenSize));
        this.dropout = child("dropout", dropout);
    }

    /**
     * Each position's mixture of the values of all positions.
     *
     * @param x {@code [batch, seq, hidden]}
     * @param additiveMask {@code [batch, 1, 1, seq]}: 0 for a token, a large negative number for padding
     * @return {@code [batch, seq, hidden]}
     */
    public Tensor forward(Tensor x, Tensor additiveMask) {
        return forward(x, x, additiveMask);
    }

    /**
     * Some positions' mixtures of the values of all positions.
     *
     * @param positions the states of those that are asked for, {@code [batch, asked, hidden]}
     * @param x of all, {@code [batch, seq, hidden]}
     * @param additiveMask {@code [batch, 1, 1, seq]}: 0 for a token, a large negative number for padding
     * @return {@code [batch, asked, hidden]}
     */
    public Tensor forward(Tensor positions, Tensor x, Tensor additiveMask) {
        double scale = 1 / Math.sqrt((double) hiddenSize / heads);
        Tensor q = split(query.forward(positions).mul(scale)); // [batch, heads, asked, head]
        Tensor k = split(key.forward(x)).contiguous().transpose(-1, -2); // [batch, heads, head, seq]
        Tensor v = split(value.forward(x)); // [batch, heads, seq, head]
        Tensor scores = q.matmul(k).add(additiveMask); // [batch, heads, asked, seq]
        Tensor probabilities = dropout.forward(scores.softmax(-1)); // [batch, heads, asked, seq]
        Tensor context = probabilities.matmul(v).permute(0, 2, 1, 3); // [batch, asked, heads, head]
        return output.forward(context.reshape(KEEP, KEEP, hiddenSize)); // [batch, asked, hidden]
    }

    private Tensor split(Tensor x) {
        return x.reshape(KEEP, KEEP, heads, hiddenSize / heads).permute(0, 2, 1, 3);
    }
}
