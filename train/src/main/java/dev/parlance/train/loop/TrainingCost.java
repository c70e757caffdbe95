package dev.parlance.train.loop;

import java.util.Arrays;

/**
 * How long training takes with a model, on a data set and a machine, as a short measurement says.
 *
 * @param model name of the base model
 * @param learningRate the one that fits its width, unless the settings have one
 * @param maxTokens longest text that its encoder can take, in tokens
 * @param lengths tokens of a sample of the training texts, ascending; none is more than {@code maxTokens}
 * @param flopsPerToken work of a training step on a token
 * @param flopsPerSquaredToken work of its attention, which grows with the square of the length
 * @param flopsPerSecond measured speed
 */
public record TrainingCost(
        String model,
        double learningRate,
        int maxTokens,
        int[] lengths,
        double flopsPerToken,
        double flopsPerSquaredToken,
        double flopsPerSecond) {
    /** A forward pass is a third of a training step. */
    private static final double FORWARD_SHARE = 1.0 / 3;

    public TrainingCost {
        lengths = lengths.clone();
        Arrays.sort(lengths);
    }

    /** Seconds that training steps on so many texts take, if longer ones are cut to {@code maxLength} tokens. */
    public double trainSeconds(double texts, int maxLength) {
        double flops = Arrays.stream(lengths)
                .map(length -> Math.min(length, maxLength))
                .mapToDouble(length -> flopsPerToken * length + flopsPerSquaredToken * length * length)
                .average()
                .orElseThrow();
        return texts * flops / flopsPerSecond;
    }

    /** Seconds that measuring on so many texts takes. */
    public double evaluationSeconds(double texts, int maxLength) {
        return FORWARD_SHARE * trainSeconds(texts, maxLength);
    }

    /** The length that this share of the texts does not exceed, in tokens; by nearest rank. */
    public int length(double share) {
        return lengths[Math.max(0, (int) Math.ceil(share * lengths.length) - 1)];
    }

    /** Share of the texts that are longer than {@code maxLength} tokens. */
    public double longerThan(int maxLength) {
        return (double) Arrays.stream(lengths)
                        .filter(length -> length > maxLength)
                        .count()
                / lengths.length;
    }
}
