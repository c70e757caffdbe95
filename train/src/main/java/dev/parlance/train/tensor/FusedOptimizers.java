package dev.parlance.train.tensor;

import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * The update rules that libtorch has as one kernel over many parameters. Each passes over memory once, takes gradients
 * multiplied with a factor, and is reached from Java by the boxed dispatcher alone. Lists run in parallel; parameters and
 * state change in place. Call under {@link Torch#noGrad}.
 */
public final class FusedOptimizers {
    private FusedOptimizers() {}

    /**
     * What all kernels take.
     *
     * @param weightDecay times the parameter; added to the gradient unless said otherwise
     * @param gradFactor what gradients are multiplied with first, positive
     */
    public record Rate(double learningRate, double weightDecay, double gradFactor) {
        public Rate {
            if (!(gradFactor > 0)) {
                throw new IllegalArgumentException("gradFactor is " + gradFactor + "; expected a positive number");
            }
        }
    }

    /**
     * Gradient descent as torch.optim.SGD has it.
     *
     * @param momentumBuffers empty if {@code momentum} is 0
     * @param isFirst whether the buffers take over the gradients as they are, without dampening
     */
    public static void sgd(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> momentumBuffers,
            Rate rate,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean isFirst) {
        call("_fused_sgd_", parameters, rate, stack -> {
            push(stack, list(parameters), list(gradients), list(momentumBuffers));
            push(stack, new IValue(rate.weightDecay()), new IValue(momentum), new IValue(rate.learningRate()));
            push(stack, new IValue(dampening), new IValue(nesterov), new IValue(false), new IValue(isFirst));
        });
    }

    /**
     * Adagrad as torch.optim.Adagrad has it.
     *
     * @param sums of the squares of gradients
     * @param step of this update, from 1
     * @param decay of the learning rate, by step
     */
    public static void adagrad(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> sums,
            Rate rate,
            long step,
            double decay,
            double epsilon) {
        call("_fused_adagrad_", parameters, rate, stack -> {
            push(stack, list(parameters), list(gradients), list(sums), steps(step, parameters.size()));
            push(stack, new IValue(rate.learningRate()), new IValue(decay), new IValue(rate.weightDecay()));
            push(stack, new IValue(epsilon), new IValue(false)); // maximize
        });
    }

    /**
     * Adam as torch.optim.Adam has it.
     *
     * @param moments changed in place, as the parameters are
     * @param step of this update, from 1; it corrects the bias of the moments
     */
    public static void adam(
            List<Tensor> parameters, List<Tensor> gradients, Moments moments, Rate rate, Betas betas, long step) {
        adam("_fused_adam_", parameters, gradients, moments, rate, betas, step);
    }

    /** AdamW (Loshchilov and Hutter, 2019): as {@link #adam}, but the weight decay acts on the parameter alone. */
    public static void adamW(
            List<Tensor> parameters, List<Tensor> gradients, Moments moments, Rate rate, Betas betas, long step) {
        adam("_fused_adamw_", parameters, gradients, moments, rate, betas, step);
    }

    /** Running means of gradients and of their squares, zeros before the first update. */
    public record Moments(List<Tensor> first, List<Tensor> second) {}

    /** How slowly the moments move, and what is added to the denominator. */
    public record Betas(double first, double second, double epsilon) {}

    private static void adam(
            String kernel,
            List<Tensor> parameters,
            List<Tensor> gradients,
            Moments moments,
            Rate rate,
            Betas betas,
            long step) {
        call(kernel, parameters, rate, stack -> {
            push(stack, list(parameters), list(gradients), list(moments.first()), list(moments.second()));
            push(stack, list(List.of()), steps(step, parameters.size())); // no maxima: amsgrad is off
            push(stack, new IValue(rate.learningRate()), new IValue(betas.first()), new IValue(betas.second()));
            push(stack, new IValue(rate.weightDecay()), new IValue(betas.epsilon()));
            push(stack, new IValue(false), new IValue(false)); // amsgrad, maximize
        });
    }

    /** Pushes a kernel's own arguments. */
    private interface Arguments {
        void pushTo(IValueVector stack);
    }

    private static void call(String kernel, List<Tensor> parameters, Rate rate, Arguments arguments) {
        if (parameters.isEmpty()) {
            return;
        }
        try (TensorScope scope = TensorScope.open();
                IValueVector stack = new IValueVector()) {
            arguments.pushTo(stack);
            Tensor gradScale = Tensor.fromFloats(new float[] {(float) (1 / rate.gradFactor())}); // the kernels divide
            push(stack, new IValue(gradScale.raw), new IValue()); // found_inf: none
            NativeCall.run(
                    kernel,
                    () -> Dispatcher.singleton()
                            .findSchemaOrThrow("aten::" + kernel, "")
                            .callBoxed(stack),
                    parameters.get(0));
        }
    }

    private static void push(IValueVector stack, IValue... values) {
        for (IValue value : values) {
            stack.push_back(value);
        }
    }

    private static IValue steps(long step, int count) {
        return list(Collections.nCopies(count, Tensor.fromFloats(new float[] {step})));
    }

    private static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor.raw));
        }
        return new IValue(list);
    }
}
