package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.tokenize.Batch;
import dev.parlance.train.head.ClassificationLoss;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.nn.Mixout;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.profile.Profiler;
import dev.parlance.train.profile.Span;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Computes the gradients of a batch on several threads, each with its share of the texts and single-threaded operations.
 * Against one thread whose operations fork, nothing waits at a barrier after each operation, what libtorch computes
 * serially runs in parallel too, and each share is padded to its own longest text only. The weights are shared; gradients
 * are summed in the order of the threads, so that the same number of threads gives the same bits.
 */
final class DataParallel implements AutoCloseable {
    private final Workers workers;
    private final Profiler profiler;
    private final TrainingArguments arguments;
    private final boolean bf16;
    private final float @Nullable [] classWeights;
    private final ClassificationLoss objective;
    private final @Nullable Mixout mixout;
    private final List<SequenceClassifier> replicas = new ArrayList<>();
    private final List<List<Tensor>> parameters = new ArrayList<>();

    /** The model itself is the first replica, and so the others' gradients are added to its own. */
    DataParallel(
            SequenceClassifier model,
            Workers workers,
            TrainingArguments arguments,
            boolean bf16,
            float @Nullable [] classWeights) {
        this.workers = workers;
        this.profiler = workers.profiler();
        this.arguments = arguments;
        this.bf16 = bf16;
        this.classWeights = classWeights;
        this.objective = ClassificationLoss.of(arguments);
        this.mixout = arguments.mixout() > 0 ? new Mixout(model.encoder()) : null;
        for (int i = 0; i < workers.count(); i++) {
            SequenceClassifier replica = i == 0 ? model : model.replica();
            replicas.add(replica);
            parameters.add(List.copyOf(replica.namedParameters().values()));
            if (mixout != null) {
                replica.mixWith(mixout, arguments.mixout());
            }
        }
    }

    /** Computes gradients from now on for those parameters only that are not frozen. */
    void freeze(Predicate<String> isFrozen) {
        for (SequenceClassifier replica : replicas) {
            replica.namedParameters().forEach((name, parameter) -> parameter.requiresGrad(!isFrozen.test(name)));
        }
    }

    /** Leaves the batch's mean gradients in the model's parameters and returns its mean loss. */
    double gradients(Features features, int[] batch, long seed) {
        return gradients(features, List.of(batch), seed);
    }

    /**
     * Leaves the mean gradients over all examples of several batches in the model's parameters, as if they were one, and
     * returns their mean loss. The dropout of each has a seed of its own, from {@code firstSeed} on.
     */
    double gradients(Features features, List<int[]> batches, long firstSeed) {
        int[] all = batches.stream().flatMapToInt(Arrays::stream).toArray();
        Total total = new Total(weight(features, all), all.length);
        double loss = 0;
        for (int i = 0; i < batches.size(); i++) {
            loss += addGradients(features, batches.get(i), firstSeed + i, total);
        }
        return loss;
    }

    /** Of all texts that a step learns from: the sum of the weights of their labels, and their number. */
    private record Total(double weight, int texts) {}

    private double addGradients(Features features, int[] batch, long seed, Total total) {
        List<int[]> shares = shares(features, batch, workers.count());
        List<Double> losses = workers.onAll(
                Phase.GRADIENTS,
                worker -> worker < shares.size()
                        ? share(worker, features, shares.get(worker), seed, total)
                        : Double.valueOf(0));
        reduce(shares.size());
        return losses.stream().mapToDouble(Double::doubleValue).sum();
    }

    private double weight(Features features, int[] texts) {
        return Arrays.stream(texts)
                .mapToDouble(index -> weight(features.target(index)))
                .sum();
    }

    private double weight(int target) {
        return classWeights == null ? 1 : classWeights[target];
    }

    /** Backpropagates one share of the batch; its loss is scaled such that the shares add up to the batch's mean. */
    private double share(int worker, Features features, int[] share, long seed, Total total) {
        SequenceClassifier replica = replicas.get(worker);
        replica.train(true);
        replica.seedDropout(seed * workers.count() + worker);
        Batch batch = profiler.in(Phase.BATCH, () -> features.batch(share));
        try (Profiler.Closing scope = profiler.closing(Phase.FREE, TensorScope.open()::close);
                TrainingPasses passes = profiler.in(
                        Phase.FORWARD,
                        () -> TrainingPasses.forward(replica, batch, objective.passes(), arguments, bf16))) {
            Tensor loss = profiler.in(Phase.FORWARD, () -> loss(passes, features, share, total)); // []
            try (Span span = profiler.span(Phase.BACKWARD)) {
                passes.backward(loss);
            }
            return loss.item();
        }
    }

    private Tensor loss(TrainingPasses passes, Features features, int[] share, Total total) {
        Tensor targets = Tensor.fromLongs(features.targets(share), share.length); // [batch]
        Tensor weights = classWeights == null ? null : Tensor.fromFloats(classWeights, classWeights.length); // [labels]
        return objective.part(
                passes.logits(),
                targets,
                weights,
                weight(features, share) / total.weight(),
                (double) share.length / total.texts()); // []
    }

    /** Adds the gradients of the other replicas to those of the first; each thread takes every n-th parameter. */
    private void reduce(int shares) {
        workers.onAll(Phase.REDUCE, worker -> {
            try (TensorScope scope = TensorScope.open();
                    Torch.Guard guard = Torch.noGrad()) {
                for (int p = worker; p < parameters.get(0).size(); p += workers.count()) {
                    for (int replica = 1; replica < shares; replica++) {
                        Tensor parameter = parameters.get(replica).get(p);
                        Tensor gradient = parameter.grad();
                        if (gradient != null) {
                            Objects.requireNonNull(parameters.get(0).get(p).grad())
                                    .addInPlace(gradient, 1);
                            parameter.clearGrad();
                        }
                    }
                }
            }
            return worker;
        });
    }

    /**
     * Cuts a batch, sorted by length, into shares such that the largest, by its tokens when padded to its longest text, is
     * as small as can be: the others wait for it. There may be fewer shares than asked for.
     */
    static List<int[]> shares(Features features, int[] batch, int count) {
        int[] sorted = Arrays.stream(batch)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(features::length).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        long low = features.length(sorted[0]);
        long high = low * sorted.length;
        while (low < high) { // the least number of padded tokens that count shares can do with
            long middle = (low + high) / 2;
            if (cut(features, sorted, middle).size() <= count) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return cut(features, sorted, low);
    }

    /** Cuts texts, longest first, into shares of at most so many tokens when each is padded to its first text. */
    private static List<int[]> cut(Features features, int[] sorted, long maxTokens) {
        List<int[]> shares = new ArrayList<>();
        int end;
        for (int start = 0; start < sorted.length; start = end) {
            end = (int) Math.min(sorted.length, start + maxTokens / features.length(sorted[start]));
            shares.add(Arrays.copyOfRange(sorted, start, end));
        }
        return shares;
    }

    /** Frees the replicas, but not the model. */
    @Override
    public void close() {
        if (mixout != null) {
            Mixout.detach(replicas.get(0).encoder());
            mixout.close();
        }
        replicas.stream().skip(1).forEach(SequenceClassifier::close);
    }
}
