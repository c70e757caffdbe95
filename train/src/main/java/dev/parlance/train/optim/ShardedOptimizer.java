package dev.parlance.train.optim;

import dev.parlance.config.UserError;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What all optimizers share: state by parameter, pieces dealt out to shards of about the same size, saving and restoring. */
abstract class ShardedOptimizer implements Optimizer {
    private final List<TrainedParameter> parameters = new ArrayList<>();
    private final List<List<Piece>> shards = new ArrayList<>();

    /** How parameters are cut into pieces. */
    enum Cut {
        /** Not at all: the update of a number depends on its row and column. */
        WHOLE,
        /** So that the shards have the same size: for kernels that pass over memory once. */
        BY_SHARD,
        /** Into pieces that stay in the cache from one operation of an update to the next. */
        BY_CACHE
    }

    /** An update of a piece: what it is to be changed by, and how fast. */
    record Rate(double learningRate, double weightDecay, double gradFactor) {}

    /** Numbers of a piece that is to stay in the cache with its state, its gradient and two temporaries. */
    private static final long CACHED = 1 << 16;

    /** Makes what is remembered of a parameter, by names such as {@code exp_avg}. */
    interface NewState {
        Map<String, Tensor> of(Tensor parameter);
    }

    ShardedOptimizer(List<ParameterGroup> groups, int shards, Cut cut, NewState newState) {
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            for (ParameterGroup group : groups) {
                group.parameters()
                        .forEach((name, tensor) -> parameters.add(
                                new TrainedParameter(name, tensor, group, newState.of(tensor.detach()))));
            }
            deal(pieces(cut, shards), shards);
        }
    }

    /** State of the parameter's shape, all zeros. */
    static NewState zeros(String... names) {
        return parameter -> {
            Map<String, Tensor> state = new LinkedHashMap<>();
            Arrays.stream(names).forEach(name -> state.put(name, parameter.zerosLike()));
            return state;
        };
    }

    private List<Piece> pieces(Cut cut, int shards) {
        long total = parameters.stream().mapToLong(p -> p.tensor().numel()).sum();
        List<Piece> pieces = new ArrayList<>();
        for (TrainedParameter parameter : parameters) {
            switch (cut) {
                case WHOLE -> pieces.add(Piece.whole(parameter));
                case BY_SHARD -> Piece.cut(parameter, total / shards + 1, pieces);
                case BY_CACHE -> Piece.cut(parameter, CACHED, pieces);
            }
        }
        return pieces;
    }

    /** Largest first, each to the shard that has least. */
    private void deal(List<Piece> pieces, int count) {
        pieces.sort(Comparator.comparingLong(Piece::size).reversed());
        long[] sizes = new long[count];
        for (int i = 0; i < count; i++) {
            shards.add(new ArrayList<>());
        }
        for (Piece piece : pieces) {
            int smallest = 0;
            for (int i = 1; i < count; i++) {
                smallest = sizes[i] < sizes[smallest] ? i : smallest;
            }
            shards.get(smallest).add(piece);
            sizes[smallest] += piece.size();
        }
    }

    @Override
    public final void beginStep() {
        try (TensorScope scope = TensorScope.open()) {
            parameters.forEach(TrainedParameter::countStep);
        }
    }

    @Override
    public final double squaredGradNorm(int shard) {
        double sum = 0;
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            for (Piece piece : shards.get(shard)) {
                Tensor gradient = piece.gradient();
                double norm = gradient == null ? 0 : gradient.norm().item();
                sum += norm * norm;
            }
        }
        return sum;
    }

    @Override
    public final void step(int shard, double learningRate, double gradFactor) {
        try (Torch.Guard guard = Torch.noGrad()) {
            for (Piece piece : shards.get(shard)) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor gradient = piece.gradient();
                    if (gradient != null) {
                        ParameterGroup group = piece.parameter().group();
                        double scaled = learningRate * group.learningRateScale();
                        update(piece, gradient, new Rate(scaled, group.weightDecay(), gradFactor));
                    }
                }
            }
        }
    }

    /** Updates a piece and its state in place; tensors that it makes die afterwards. */
    abstract void update(Piece piece, Tensor gradient, Rate rate);

    /** A new tensor: the gradients times their factor, with the weight decay added. */
    static Tensor decayedGradient(Piece piece, Tensor gradient, Rate rate) {
        Tensor scaled = gradient.mul(rate.gradFactor());
        return rate.weightDecay() == 0 ? scaled : scaled.addInPlace(piece.part(), rate.weightDecay());
    }

    @Override
    public final Map<String, Tensor> state() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        parameters.forEach(parameter -> parameter.collect(all));
        return all;
    }

    @Override
    public final void restore(Map<String, Tensor> saved) {
        Map<String, Tensor> own = state();
        checkNames(own, saved);
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            own.forEach((name, tensor) -> {
                Tensor value = saved.get(name);
                if (value == null || !Arrays.equals(value.shape(), tensor.shape())) {
                    throw new UserError("the saved optimizer state has " + value + " for " + name + ", expected "
                            + Arrays.toString(tensor.shape()) + "; it belongs to another model or optimizer");
                }
                tensor.copyFrom(value);
            });
        }
        parameters.forEach(TrainedParameter::adoptSteps);
    }

    private static void checkNames(Map<String, Tensor> own, Map<String, Tensor> saved) {
        for (String name : new TreeSet<>(own.keySet())) {
            if (!saved.containsKey(name)) {
                throw new UserError("the saved optimizer state lacks " + name
                        + "; it belongs to another model, optimizer or choice of frozen layers");
            }
        }
        for (String name : new TreeSet<>(saved.keySet())) {
            if (!own.containsKey(name)) {
                throw new UserError("the saved optimizer state has an unexpected " + name
                        + "; it belongs to another model, optimizer or choice of frozen layers");
            }
        }
    }

    @Override
    public final void close() {
        shards.forEach(shard -> shard.forEach(Piece::close));
        parameters.forEach(TrainedParameter::close);
    }
}
