package dev.parlance.train.encoder;

/**
 * How deep in a model with a head each parameter sits, told by its name: 0 for the embeddings, 1 to {@code blocks} for the
 * transformer blocks, {@code blocks} + 1 for everything after the encoder, poolers included.
 *
 * @param architecture decides the names
 * @param blocks number of transformer blocks
 */
public record Depths(Architecture architecture, int blocks) {
    /** The depths of the parameters of a model with this encoder. */
    public static Depths of(EncoderConfig config) {
        return new Depths(config.architecture(), config.layers());
    }

    /** Depth of the parameter with this full Hugging Face name. */
    public int of(String name) {
        String encoder = architecture.prefix() + ".";
        if (!name.startsWith(encoder)) {
            return head();
        }
        String inEncoder = name.substring(encoder.length());
        if (inEncoder.startsWith("embeddings")) { // also embeddings_project
            return 0;
        }
        String block = architecture.names().blocks() + ".";
        if (inEncoder.startsWith(block)) {
            return Integer.parseInt(inEncoder.substring(block.length(), inEncoder.indexOf('.', block.length()))) + 1;
        }
        return inEncoder.startsWith("LayerNorm.") ? blocks : head(); // the last norm of pre-norm encoders; a pooler
    }

    /** Depth of the head, the greatest. */
    public int head() {
        return blocks + 1;
    }
}
