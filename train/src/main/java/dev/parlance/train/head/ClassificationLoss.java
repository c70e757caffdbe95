package dev.parlance.train.head;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the training of a classifier minimizes, in float32 whatever the logits are.
 *
 * <p>Cross entropy, with smoothed labels if wanted; or focal loss (Lin et al. 2017, Focal Loss for Dense Object Detection,
 * equation 5), -(1 - p)^gamma log p for the probability p of the gold label, here over a softmax. Where labels have weights,
 * both are means weighted by them, so that a gamma of 0 is cross entropy.
 *
 * <p>R-Drop (Liang et al. 2021, R-Drop: Regularized Dropout for Neural Networks) makes two passes with different dropout and
 * adds alpha times half the sum of the two Kullback-Leibler divergences between their answers to the mean of their losses, as
 * the authors' code does; their paper has the sum of the losses, which is a different learning rate.
 *
 * @param labelSmoothing in [0, 1)
 * @param focalGamma at least 0; null means cross entropy
 * @param rDropAlpha at least 0; 0 makes one pass
 */
public record ClassificationLoss(
        double labelSmoothing, @Nullable Double focalGamma, double rDropAlpha) {
    /** Added to 1 - p, whose power would otherwise have an infinite slope at 0 if gamma is below 1. */
    private static final double TINY = 1e-12;

    public ClassificationLoss {
        if (focalGamma != null && labelSmoothing != 0) {
            throw new IllegalArgumentException("focal loss has no label smoothing, found " + labelSmoothing);
        }
    }

    /** The loss that these settings describe. */
    public static ClassificationLoss of(TrainingArguments arguments) {
        return new ClassificationLoss(
                arguments.labelSmoothingFactor(),
                arguments.loss().equals("focal") ? arguments.focalGamma() : null,
                arguments.rDropAlpha());
    }

    /** How many passes with dropout it compares. */
    public int passes() {
        return rDropAlpha > 0 ? 2 : 1;
    }

    /**
     * What some texts of a batch add to the mean loss of the batch.
     *
     * @param passes logits {@code [texts, labels]} of each of {@link #passes()} passes over the same texts
     * @param labelIds int64 {@code [texts]}
     * @param classWeights float32 {@code [labels]} or null
     * @param weightShare share of the texts in the batch by the weights of their labels, in (0, 1]
     * @param textShare share by their number, in (0, 1]
     * @return a scalar tensor
     */
    public Tensor part(
            List<Tensor> passes, Tensor labelIds, @Nullable Tensor classWeights, double weightShare, double textShare) {
        Tensor first = mean(passes.get(0), labelIds, classWeights).mul(weightShare / passes.size());
        if (passes.size() == 1) {
            return first;
        }
        Tensor second = mean(passes.get(1), labelIds, classWeights).mul(weightShare / passes.size());
        return first.add(second).add(disagreement(passes.get(0), passes.get(1)).mul(rDropAlpha * textShare));
    }

    /** Mean loss of one pass, a scalar tensor. */
    Tensor mean(Tensor logits, Tensor labelIds, @Nullable Tensor classWeights) {
        Tensor x = logits.to(Dtype.FLOAT32);
        return focalGamma == null
                ? x.crossEntropy(labelIds, classWeights, labelSmoothing)
                : focal(x, labelIds, focalGamma, classWeights);
    }

    private static Tensor focal(Tensor x, Tensor labelIds, double gamma, @Nullable Tensor classWeights) {
        Tensor gold = oneHot(labelIds.toLongs(), (int) x.size(1)); // [batch, labels]
        Tensor others = gold.mul(-1).add(1).mul(x.softmax(-1)).sum(1, false); // [batch]: 1 - p, but exact near 0
        Tensor logP = gold.mul(x.logSoftmax(-1)).sum(1, false); // [batch]
        Tensor losses = others.add(TINY).pow(gamma).mul(logP).mul(-1); // [batch]
        if (classWeights == null) {
            return losses.mean();
        }
        Tensor weights = gold.mul(classWeights).sum(1, false); // [batch]
        return losses.mul(weights).sum().div(weights.sum());
    }

    private static Tensor oneHot(long[] ids, int labels) {
        float[] rows = new float[ids.length * labels];
        for (int i = 0; i < ids.length; i++) {
            rows[i * labels + (int) ids[i]] = 1;
        }
        return Tensor.fromFloats(rows, ids.length, labels);
    }

    /** Mean over the texts of (KL(a || b) + KL(b || a)) / 2, which is half the sum of (p - q) (log p - log q). */
    static Tensor disagreement(Tensor a, Tensor b) {
        Tensor x = a.to(Dtype.FLOAT32);
        Tensor y = b.to(Dtype.FLOAT32);
        Tensor p = x.softmax(-1).sub(y.softmax(-1)); // [batch, labels]
        Tensor logP = x.logSoftmax(-1).sub(y.logSoftmax(-1)); // [batch, labels]
        return p.mul(logP).sum(1, false).mean().mul(0.5);
    }
}
