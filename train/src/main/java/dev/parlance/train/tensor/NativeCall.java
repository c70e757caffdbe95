package dev.parlance.train.tensor;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Calls libtorch and turns its errors (a reason and a C++ backtrace) into one line with the shapes involved. */
final class NativeCall {
    private NativeCall() {}

    static <T> T call(String op, Supplier<T> body, Tensor... inputs) {
        try {
            return body.get();
        } catch (TensorException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new TensorException(message(op, e, inputs), e);
        }
    }

    /** As {@link #call}, of an operation that changes a tensor; timed while an {@link OpProfile} is open. */
    static void run(String op, Runnable body, Tensor... inputs) {
        OpProfile profile = OpProfile.current();
        if (profile == null) {
            done(op, body, inputs);
        } else {
            profile.timed(op, () -> done(op, body, inputs), inputs);
        }
    }

    /** As {@link #call}, of a pass backward through all that was done; while an {@link OpProfile} is open, each is timed. */
    static void backward(Runnable body, Tensor... inputs) {
        OpProfile profile = OpProfile.current();
        if (profile == null) {
            done("backward", body, inputs);
        } else {
            profile.backward(() -> done("backward", body, inputs));
        }
    }

    private static String done(String op, Runnable body, Tensor... inputs) {
        return call(
                op,
                () -> {
                    body.run();
                    return op;
                },
                inputs);
    }

    private static String message(String op, RuntimeException e, Tensor... inputs) {
        String shapes = Arrays.stream(inputs).map(Tensor::describe).collect(Collectors.joining(", "));
        String reason = e.getMessage() == null
                ? e.getClass().getSimpleName() + " (was the tensor's scope closed?)"
                : e.getMessage().lines().findFirst().orElse("");
        return op + "(" + shapes + "): " + reason;
    }
}
