package dev.parlance.train.head;

import dev.parlance.tokenize.Batch;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.encoder.NewWeights;
import dev.parlance.train.encoder.Segment;
import dev.parlance.train.encoder.TransformerEncoder;
import dev.parlance.train.encoder.WeightLoader;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.Mixout;
import dev.parlance.train.nn.SeedStream;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.WeightSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An encoder and a head that gives each text one score per label. Parameters carry the names of transformers'
 * {@code ...ForSequenceClassification}, so that the saved file opens there unchanged. Not thread-safe.
 */
public final class SequenceClassifier extends Layer {
    private final TransformerEncoder encoder;
    private final SequenceClassificationHead head;
    private final SeedStream seeds;
    private final int labels;

    private SequenceClassifier(EncoderConfig config, int labels, SeedStream seeds) {
        this.encoder = child(config.architecture().prefix(), new TransformerEncoder(config, seeds));
        this.head = child("", new SequenceClassificationHead(config, labels, seeds));
        this.seeds = seeds;
        this.labels = labels;
    }

    /** A model with new random weights and at least one label, in evaluation mode. */
    public static SequenceClassifier create(EncoderConfig config, int labels, long seed) {
        if (labels < 1) {
            throw new IllegalArgumentException("labels is " + labels + "; expected at least 1");
        }
        SequenceClassifier model = new SequenceClassifier(config, labels, new SeedStream(seed));
        NewWeights.initialize(model.namedParameters(), seed, config.initializerRange());
        return model;
    }

    /**
     * A model whose encoder comes from {@code source}.
     *
     * @param where names the source in errors
     * @param resetHead true starts a new head even if the source has one
     * @param seed of new weights
     * @throws dev.parlance.config.UserError if weights are missing, extra or misshapen; only the head may be new
     */
    public static Loaded load(
            EncoderConfig config, int labels, WeightSource source, String where, boolean resetHead, long seed) {
        SequenceClassifier model = new SequenceClassifier(config, labels, new SeedStream(seed));
        try {
            WeightLoader.HeadRules rules = new WeightLoader.HeadRules(
                    model.head.namedParameters().keySet(), resetHead, seed, config.initializerRange());
            String prefix = config.architecture().prefix();
            return new Loaded(model, WeightLoader.load(model.namedParameters(), source, where, prefix, rules));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * A second model over the same weights, with gradients and dropout of its own, so that two threads can train at once.
     * What is written to the weights of one is seen by the other.
     */
    public SequenceClassifier replica() {
        SequenceClassifier replica = new SequenceClassifier(encoder.config(), labels, new SeedStream(0));
        Map<String, Tensor> own = namedParameters();
        replica.namedParameters()
                .forEach((name, parameter) -> parameter.shareDataOf(Objects.requireNonNull(own.get(name))));
        return replica;
    }

    /** A loaded model and what its file lacked or had too much. */
    public record Loaded(SequenceClassifier model, LoadReport report) {}

    /**
     * Scores of every label. While it does not train, the last block computes the first token alone, which is all that the
     * head looks at.
     *
     * @param inputIds int64 {@code [batch, seq]}
     * @param attentionMask int64 {@code [batch, seq]}: 1 for a token, 0 for padding
     * @param tokenTypeIds int64 {@code [batch, seq]}, or null for all 0
     * @return {@code [batch, labels]}
     */
    public Tensor forward(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds) {
        return head.forward(
                isTraining()
                        ? encoder.forward(inputIds, attentionMask, tokenTypeIds)
                        : encoder.forwardFirst(inputIds, attentionMask, tokenTypeIds));
    }

    /** Scores of every label for each text of the batch: {@code [batch, labels]}. */
    public Tensor forward(Batch batch) {
        boolean types = encoder.config().takesTokenTypeIds();
        return forward(
                tensor(batch.inputIds()), tensor(batch.attentionMask()), types ? tensor(batch.tokenTypeIds()) : null);
    }

    /** The parts of the encoder for a batch, of which the first takes its ids. */
    List<Segment> segments(Batch batch) {
        boolean types = encoder.config().takesTokenTypeIds();
        return encoder.segments(tensor(batch.attentionMask()), types ? tensor(batch.tokenTypeIds()) : null);
    }

    /** Hidden states {@code [batch, seq, hidden]} to scores {@code [batch, labels]}. */
    Tensor head(Tensor hiddenStates) {
        return head.forward(hiddenStates);
    }

    /**
     * Mixes the encoder's weights with pretrained ones while it trains.
     *
     * @param probability of the pretrained weight, in (0, 1)
     */
    public void mixWith(Mixout pretrained, double probability) {
        pretrained.attach(encoder, probability, seeds);
    }

    /** Starts the dropout masks over; call it before each step with a seed of that step to make runs resumable. */
    public void seedDropout(long seed) {
        seeds.reset(seed);
    }

    /** Where the dropout masks are: {@link #seedDropout} with it repeats those that follow. */
    long dropoutState() {
        return seeds.state();
    }

    /** The parameters, to save; valid while this model is open. */
    public WeightSource toWeights() {
        return new ModelWeights(namedParameters());
    }

    /** What turns ids into hidden states. */
    public TransformerEncoder encoder() {
        return encoder;
    }

    /** Number of labels. */
    public int labels() {
        return labels;
    }

    static Tensor tensor(long[][] rows) {
        long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        return Tensor.fromLongs(flat, rows.length, rows[0].length);
    }
}
