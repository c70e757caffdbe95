package dev.parlance.train.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * AdamW (Loshchilov and Hutter, 2019) as libtorch's one kernel over all parameters, several times faster than its C++
 * optimizer class. Only the boxed dispatcher reaches it from Java.
 */
public final class FusedAdamW {
    private FusedAdamW() {}

    /**
     * The numbers of one update; {@code step} counts from 1 and corrects the bias of the moments; gradients are multiplied
     * with {@code gradFactor} first, which clips them without another pass over memory.
     */
    public record Settings(
            long step,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double gradFactor) {
        public Settings {
            if (!(gradFactor > 0)) {
                throw new IllegalArgumentException("gradFactor is " + gradFactor + "; expected a positive number");
            }
            if (step < 1) {
                throw new IllegalArgumentException("step is " + step + "; expected at least 1");
            }
        }
    }

    /**
     * Updates parameters and moments in place; the four lists run in parallel. Call under {@link Torch#noGrad}.
     *
     * @param firstMoments running means of the gradients, zeros before the first step
     * @param secondMoments running means of their squares, zeros before the first step
     */
    public static void step(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            Settings settings) {
        int count = parameters.size();
        if (gradients.size() != count || firstMoments.size() != count || secondMoments.size() != count) {
            throw new IllegalArgumentException("got " + count + " parameters, " + gradients.size() + " gradients, "
                    + firstMoments.size() + " first and " + secondMoments.size() + " second moments; expected equal");
        }
        if (count == 0) {
            return;
        }
        try (TensorScope scope = TensorScope.open();
                IValueVector stack = new IValueVector()) {
            Tensor step = Tensor.fromFloats(new float[] {settings.step()});
            push(stack, list(parameters), list(gradients), list(firstMoments), list(secondMoments));
            push(stack, list(List.of()), list(java.util.Collections.nCopies(count, step)));
            push(stack, new IValue(settings.learningRate()), new IValue(settings.beta1()));
            push(stack, new IValue(settings.beta2()), new IValue(settings.weightDecay()));
            push(stack, new IValue(settings.epsilon()), new IValue(false), new IValue(false)); // amsgrad, maximize
            Tensor gradScale =
                    Tensor.fromFloats(new float[] {(float) (1 / settings.gradFactor())}); // the kernel divides
            push(stack, new IValue(gradScale.raw), new IValue()); // found_inf: none
            NativeCall.run("fusedAdamW", () -> call(stack), parameters.get(0));
        }
    }

    private static void call(IValueVector stack) {
        OperatorHandle kernel = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
        kernel.callBoxed(stack);
    }

    private static void push(IValueVector stack, IValue... values) {
        for (IValue value : values) {
            stack.push_back(value);
        }
    }

    private static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor.raw));
        }
        return new IValue(list);
    }
}
