package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.config.TrainingArguments;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The update rules in double precision, one number after the other, written from the papers and from the pages of torch.optim.
 * One instance serves one parameter.
 */
abstract class ReferenceOptimizer {
    private final Map<String, double[]> state = new HashMap<>();

    /** Updates {@code w}, of {@code columns} columns or a vector if 0, by its gradient; steps count from 1. */
    abstract void step(double[] w, double[] g, int columns, double learningRate, double decay, int step);

    static ReferenceOptimizer of(TrainingArguments a) {
        NamedValues args = a.optimArgs();
        return switch (a.optimizerKind()) {
            case ADAMW -> new Adam(a, true);
            case ADAM -> new Adam(a, false);
            case SGD, MOMENTUM, NESTEROV ->
                new Sgd(
                        args.number("momentum", a.optim().equals("sgd") ? 0 : 0.9),
                        args.number("dampening", 0),
                        a.optim().equals("nesterov"));
            case ADAGRAD -> new Adagrad(args);
            case RMSPROP -> new RmsProp(args);
            case ADADELTA -> new Adadelta(args.number("rho", 0.9), args.number("eps", 1e-6));
            case LION -> new Lion(a.adamBeta1(), a.adamBeta2());
            case ADAFACTOR -> new Adafactor(args);
        };
    }

    final double[] state(String name, int size, double first) {
        return state.computeIfAbsent(name, key -> {
            double[] values = new double[size];
            Arrays.fill(values, first);
            return values;
        });
    }

    static double[] decayed(double[] w, double[] g, double decay) {
        return map(w.length, i -> g[i] + decay * w[i]);
    }

    static double[] map(int size, java.util.function.IntToDoubleFunction f) {
        return IntStream.range(0, size).mapToDouble(f).toArray();
    }

    static double rms(double[] values) {
        DoubleUnaryOperator square = x -> x * x;
        return Math.sqrt(DoubleStream.of(values).map(square).sum() / values.length);
    }

    /** torch.optim.SGD. */
    static final class Sgd extends ReferenceOptimizer {
        private final double momentum;
        private final double dampening;
        private final boolean nesterov;

        Sgd(double momentum, double dampening, boolean nesterov) {
            this.momentum = momentum;
            this.dampening = dampening;
            this.nesterov = nesterov;
        }

        @Override
        void step(double[] w, double[] gradient, int columns, double learningRate, double decay, int step) {
            double[] g = decayed(w, gradient, decay);
            double[] b = state("b", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                b[i] = step == 1 ? g[i] : momentum * b[i] + (1 - dampening) * g[i];
                w[i] -= learningRate * (nesterov ? g[i] + momentum * b[i] : momentum == 0 ? g[i] : b[i]);
            }
        }
    }

    /** torch.optim.Adagrad. */
    static final class Adagrad extends ReferenceOptimizer {
        private final NamedValues args;

        Adagrad(NamedValues args) {
            this.args = args;
        }

        @Override
        void step(double[] w, double[] gradient, int columns, double learningRate, double decay, int step) {
            double[] g = decayed(w, gradient, decay);
            double[] sum = state("sum", w.length, args.number("initial_accumulator_value", 0));
            double rate = learningRate / (1 + (step - 1) * args.number("lr_decay", 0));
            for (int i = 0; i < w.length; i++) {
                sum[i] += g[i] * g[i];
                w[i] -= rate * g[i] / (Math.sqrt(sum[i]) + args.number("eps", 1e-10));
            }
        }
    }

    /** torch.optim.RMSprop. */
    static final class RmsProp extends ReferenceOptimizer {
        private final NamedValues args;

        RmsProp(NamedValues args) {
            this.args = args;
        }

        @Override
        void step(double[] w, double[] gradient, int columns, double learningRate, double decay, int step) {
            double[] g = decayed(w, gradient, decay);
            double alpha = args.number("alpha", 0.99);
            double[] square = state("square", w.length, 0);
            double[] mean = state("mean", w.length, 0);
            double[] b = state("b", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                square[i] = alpha * square[i] + (1 - alpha) * g[i] * g[i];
                mean[i] = alpha * mean[i] + (1 - alpha) * g[i];
                double variance = args.flag("centered", false) ? square[i] - mean[i] * mean[i] : square[i];
                b[i] = args.number("momentum", 0) * b[i] + g[i] / (Math.sqrt(variance) + args.number("eps", 1e-8));
                w[i] -= learningRate * b[i];
            }
        }
    }

    /** Algorithm 1 of Zeiler (2012). */
    static final class Adadelta extends ReferenceOptimizer {
        private final double rho;
        private final double epsilon;

        Adadelta(double rho, double epsilon) {
            this.rho = rho;
            this.epsilon = epsilon;
        }

        @Override
        void step(double[] w, double[] gradient, int columns, double learningRate, double decay, int step) {
            double[] g = decayed(w, gradient, decay);
            double[] square = state("square", w.length, 0);
            double[] deltas = state("deltas", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                square[i] = rho * square[i] + (1 - rho) * g[i] * g[i];
                double delta = Math.sqrt(deltas[i] + epsilon) / Math.sqrt(square[i] + epsilon) * g[i];
                deltas[i] = rho * deltas[i] + (1 - rho) * delta * delta;
                w[i] -= learningRate * delta;
            }
        }
    }

    /** Algorithm 2 of Loshchilov and Hutter (2019): decoupled in green, added to the gradient in pink. */
    static final class Adam extends ReferenceOptimizer {
        private final TrainingArguments a;
        private final boolean decoupled;

        Adam(TrainingArguments a, boolean decoupled) {
            this.a = a;
            this.decoupled = decoupled;
        }

        @Override
        void step(double[] w, double[] gradient, int columns, double learningRate, double decay, int step) {
            double[] g = decayed(w, gradient, decoupled ? 0 : decay);
            double[] m = state("m", w.length, 0);
            double[] v = state("v", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                m[i] = a.adamBeta1() * m[i] + (1 - a.adamBeta1()) * g[i];
                v[i] = a.adamBeta2() * v[i] + (1 - a.adamBeta2()) * g[i] * g[i];
                double mean = m[i] / (1 - Math.pow(a.adamBeta1(), step));
                double square = v[i] / (1 - Math.pow(a.adamBeta2(), step));
                w[i] -= learningRate * (decoupled ? decay * w[i] : 0);
                w[i] -= learningRate * mean / (Math.sqrt(square) + a.adamEpsilon());
            }
        }
    }

    /** Program 1 of Chen et al. (2023). */
    static final class Lion extends ReferenceOptimizer {
        private final double beta1;
        private final double beta2;

        Lion(double beta1, double beta2) {
            this.beta1 = beta1;
            this.beta2 = beta2;
        }

        @Override
        void step(double[] w, double[] g, int columns, double learningRate, double decay, int step) {
            double[] m = state("m", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                double update = Math.signum(beta1 * m[i] + (1 - beta1) * g[i]);
                m[i] = beta2 * m[i] + (1 - beta2) * g[i];
                w[i] -= learningRate * (update + decay * w[i]);
            }
        }
    }

    /** Algorithm 4 of Shazeer and Stern (2018), for vectors algorithm 5. */
    static final class Adafactor extends ReferenceOptimizer {
        private final NamedValues args;

        Adafactor(NamedValues args) {
            this.args = args;
        }

        @Override
        void step(double[] w, double[] g, int columns, double learningRate, double decay, int step) {
            double decayRate = 1 - Math.pow(step, args.number("decay_rate", -0.8));
            double[] v = columns == 0 ? plain(g, decayRate) : factored(g, columns, decayRate);
            double[] u = map(w.length, i -> g[i] / Math.sqrt(v[i]));
            double clip = Math.max(1, rms(u) / args.number("clip_threshold", 1));
            double rate = learningRate;
            if (args.flag("relative_step", false)) {
                rate *= Math.min(args.flag("warmup_init", false) ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step));
            }
            rate *= args.flag("scale_parameter", false) ? Math.max(1e-3, rms(w)) : 1;
            double beta1 = args.number("beta1", 0);
            double[] m = state("m", w.length, 0);
            for (int i = 0; i < w.length; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * rate * u[i] / clip;
                w[i] -= rate * decay * w[i] + m[i];
            }
        }

        private double[] plain(double[] g, double decayRate) {
            double[] v = state("v", g.length, 0);
            for (int i = 0; i < g.length; i++) {
                v[i] = decayRate * v[i] + (1 - decayRate) * (g[i] * g[i] + 1e-30);
            }
            return v;
        }

        private double[] factored(double[] g, int columns, double decayRate) {
            double[] r = state("r", g.length / columns, 0);
            double[] c = state("c", columns, 0);
            double[] row = new double[r.length];
            double[] column = new double[columns];
            for (int i = 0; i < g.length; i++) {
                row[i / columns] += (g[i] * g[i] + 1e-30) / columns;
                column[i % columns] += (g[i] * g[i] + 1e-30) / r.length;
            }
            Arrays.setAll(r, i -> decayRate * r[i] + (1 - decayRate) * row[i]);
            Arrays.setAll(c, i -> decayRate * c[i] + (1 - decayRate) * column[i]);
            double mean = DoubleStream.of(r).average().orElseThrow();
            return map(g.length, i -> r[i / columns] * c[i % columns] / mean);
        }
    }
}
