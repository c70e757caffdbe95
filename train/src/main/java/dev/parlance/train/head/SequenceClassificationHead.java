package dev.parlance.train.head;

import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.nn.Dropout;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.Linear;
import dev.parlance.train.nn.SeedStream;
import dev.parlance.train.tensor.Tensor;

/** Two projections of the first token's hidden state, with dropout between, as transformers has them. */
final class SequenceClassificationHead extends Layer {
    private final HeadShape shape;
    private final Linear dense;
    private final Linear output;
    private final Dropout dropout;

    SequenceClassificationHead(EncoderConfig config, int labels, SeedStream seeds) {
        shape = HeadShape.of(config.architecture());
        dense = child(shape.dense(), new Linear(config.hiddenSize(), config.hiddenSize()));
        output = child(shape.output(), new Linear(config.hiddenSize(), labels));
        dropout = child("dropout", new Dropout(config.classifierDropout(), seeds));
    }

    /** {@code [batch, seq, hidden]} to {@code [batch, labels]}. */
    Tensor forward(Tensor hiddenStates) {
        Tensor first = hiddenStates.select(1, 0); // [batch, hidden]
        Tensor x = shape.dropoutFirst() ? dropout.forward(first) : first;
        Tensor pooled = shape.activation().forward(dense.forward(x)); // [batch, hidden]
        return output.forward(dropout.forward(pooled)); // [batch, labels]
    }
}
