package dev.parlance.train.encoder;

import dev.parlance.train.nn.SelfAttention;

/** Where Hugging Face keeps the parts of one transformer block, relative to the block. */
record BlockNames(
        String blocks,
        SelfAttention.Names attention,
        String attentionNorm,
        String intermediate,
        String output,
        String outputNorm) {
    private static final SelfAttention.Names BERT_ATTENTION = new SelfAttention.Names(
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense");

    static final BlockNames BERT = new BlockNames(
            "encoder.layer",
            BERT_ATTENTION,
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    static final BlockNames PRE_NORM = new BlockNames(
            "encoder.layer",
            BERT_ATTENTION,
            "attention.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "intermediate.LayerNorm");

    static final BlockNames DISTILBERT = new BlockNames(
            "transformer.layer",
            new SelfAttention.Names("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin"),
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");
}
