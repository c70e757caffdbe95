package dev.parlance.train.tensor;

/** A tensor operation that failed: the operation, the shapes it was given, and the first line of libtorch's reason. */
public final class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TensorException(String message) {
        super(message);
    }

    TensorException(String message, Throwable cause) {
        super(message, cause);
    }
}
