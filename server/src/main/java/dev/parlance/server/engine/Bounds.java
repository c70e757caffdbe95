package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.server.engine.Refusal.Kind;
import java.time.Duration;
import java.util.List;

/** Refuses what is out of bounds before any work is done for it. */
final class Bounds {
    private final EngineOptions options;

    Bounds(EngineOptions options) {
        this.options = options;
    }

    /** Too many texts, or too long ones. */
    void checkInputs(List<Example> inputs) {
        checkCount(inputs.size());
        for (Example input : inputs) {
            int chars = Answers.chars(input);
            if (chars > options.maxInputChars()) {
                throw new Refusal(
                        Kind.TOO_LARGE,
                        "an input has " + chars + " characters, expected at most " + options.maxInputChars());
            }
        }
    }

    /** Too many sequences of ids, too long ones, or ids that there are not. */
    void checkIds(List<int[]> sequences, int vocabularySize) {
        checkCount(sequences.size());
        for (int[] ids : sequences) {
            if (ids.length > options.maxInputChars()) {
                throw new Refusal(
                        Kind.TOO_LARGE,
                        "a sequence has " + ids.length + " ids, expected at most " + options.maxInputChars());
            }
            for (int id : ids) {
                if (id < 0 || id >= vocabularySize) {
                    throw new Refusal(
                            Kind.VALIDATION, "there is no token " + id + ", expected 0 to " + (vocabularySize - 1));
                }
            }
        }
    }

    private void checkCount(int inputs) {
        if (inputs == 0) {
            throw new Refusal(Kind.EMPTY, "there are no inputs, expected at least one");
        }
        if (inputs > options.maxClientBatchSize()) {
            throw new Refusal(
                    Kind.TOO_LARGE,
                    "there are " + inputs + " inputs, expected at most " + options.maxClientBatchSize());
        }
    }

    /** How long a request may take; refused if what already waits for the model will take longer. */
    long timeoutNanos(Request request, ServedModel model) {
        Duration most = options.requestTimeout();
        Duration asked = request.timeout();
        Duration timeout = asked == null || asked.compareTo(most) > 0 ? most : asked;
        if (timeout.isNegative() || timeout.isZero()) {
            throw Tokenization.tooLate();
        }
        long waiting = model.queue().tokens();
        Duration wait = model.throughput().timeFor(waiting);
        if (wait != null && wait.compareTo(timeout) > 0) {
            throw new Refusal(
                    Kind.OVERLOADED,
                    "the model would answer only after the deadline",
                    model.throughput().retryAfter(waiting));
        }
        return timeout.toNanos();
    }
}
