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

    static void run(String op, Runnable body, Tensor... inputs) {
        call(
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
