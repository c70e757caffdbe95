package dev.parlance.train.encoder;

import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.LayerNorm;
import dev.parlance.train.nn.Linear;
import dev.parlance.train.nn.SeedStream;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional transformer encoder (Devlin et al., 2019) in all variants of {@link Architecture}. Parameters carry
 * the names that transformers gives them.
 */
public final class TransformerEncoder extends Layer implements Encoder {
    /** Added to the scores of padding: large enough that softmax gives 0, finite so that an empty row is no NaN. */
    private static final double MASKED = -1e9;

    private final EncoderConfig config;
    private final TransformerEmbeddings embeddings;
    private final @Nullable Linear embeddingsProject;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final @Nullable LayerNorm finalNorm;

    /**
     * An encoder without knowledge; load or initialize its weights.
     *
     * @param seeds where dropout masks come from while training
     */
    public TransformerEncoder(EncoderConfig config, SeedStream seeds) {
        this.config = config;
        embeddings = child("embeddings", new TransformerEmbeddings(config, seeds));
        embeddingsProject = config.embeddingSize() == config.hiddenSize()
                ? null
                : child("embeddings_project", new Linear(config.embeddingSize(), config.hiddenSize()));
        for (int i = 0; i < config.layers(); i++) {
            String name = config.architecture().names().blocks() + "." + i;
            blocks.add(child(name, new TransformerBlock(config, seeds)));
        }
        finalNorm = config.architecture().isPreNorm()
                ? child("LayerNorm", new LayerNorm(config.hiddenSize(), config.layerNormEps()))
                : null;
    }

    /**
     * An encoder with the weights of {@code source}, in evaluation mode.
     *
     * @param where names the source in errors
     * @throws dev.parlance.config.UserError if weights are missing, extra or misshapen
     */
    public static TransformerEncoder load(EncoderConfig config, WeightSource source, String where) {
        TransformerEncoder encoder = new TransformerEncoder(config, new SeedStream(0));
        try {
            String prefix = config.architecture().prefix();
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            encoder.namedParameters().forEach((name, tensor) -> parameters.put(prefix + "." + name, tensor));
            WeightLoader.HeadRules noHead = new WeightLoader.HeadRules(Set.of(), false, 0, config.initializerRange());
            WeightLoader.load(parameters, source, where, prefix, noHead);
            return encoder;
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    @Override
    public Tensor forward(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds) {
        return run(segments(attentionMask, tokenTypeIds), inputIds); // [batch, seq, hidden]
    }

    /**
     * What {@link #forward} gives the first token, {@code [batch, 1, hidden]}: the last block computes it alone, which with
     * six layers saves a seventh of the work.
     */
    public Tensor forwardFirst(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds) {
        return run(segments(attentionMask, tokenTypeIds, true), inputIds); // [batch, 1, hidden]
    }

    private static Tensor run(List<Segment> segments, Tensor inputIds) {
        Tensor x = inputIds;
        for (Segment segment : segments) {
            x = segment.forward().apply(x); // [batch, seq, hidden]
        }
        return x;
    }

    /** The embeddings and the blocks for a batch; {@link #forward} runs one after the other on the ids. */
    public List<Segment> segments(Tensor attentionMask, @Nullable Tensor tokenTypeIds) {
        return segments(attentionMask, tokenTypeIds, false);
    }

    private List<Segment> segments(Tensor attentionMask, @Nullable Tensor tokenTypeIds, boolean firstAlone) {
        Tensor mask = additive(attentionMask); // [batch, 1, 1, seq]
        Tensor types = config.takesTokenTypeIds() ? tokenTypeIds : null;
        List<Segment> segments = new ArrayList<>();
        segments.add(segment(ids -> embed(ids, types), embeddings, embeddingsProject));
        for (TransformerBlock block : blocks) {
            boolean last = segments.size() == blocks.size();
            segments.add(
                    segment(x -> firstAlone && last ? block.forwardFirst(x, mask) : block.forward(x, mask), block));
        }
        if (finalNorm != null) {
            segments.add(segment(finalNorm::forward, finalNorm));
        }
        return segments;
    }

    private Tensor embed(Tensor inputIds, @Nullable Tensor tokenTypeIds) {
        Tensor x = embeddings.forward(inputIds, tokenTypeIds); // [batch, seq, embedding]
        return embeddingsProject == null ? x : embeddingsProject.forward(x); // [batch, seq, hidden]
    }

    private static Segment segment(UnaryOperator<Tensor> forward, @Nullable Layer... layers) {
        List<Tensor> parameters = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer != null) {
                parameters.addAll(layer.namedParameters().values());
            }
        }
        return new Segment(parameters, forward);
    }

    /** What this encoder was built from. */
    public EncoderConfig config() {
        return config;
    }

    private static Tensor additive(Tensor attentionMask) {
        Tensor padding = attentionMask.to(Dtype.FLOAT32).add(-1); // 0 for a token, -1 for padding
        return padding.mul(-MASKED).unsqueeze(1).unsqueeze(1);
    }
}
