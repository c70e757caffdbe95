package dev.parlance.server.engine;

import dev.parlance.predict.Prepared;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The second station of an input: its text becomes tokens, on threads that form no batches. Safe for concurrent use. */
final class Tokenization {
    private static final Logger LOG = LoggerFactory.getLogger(Tokenization.class);

    private final Scheduler scheduler;

    Tokenization(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Tokenizes the inputs of one request and lets them wait for a batch; what goes wrong is told to who waits for them. */
    void run(ServedModel model, List<Input> inputs) {
        long start = System.nanoTime();
        List<Input> wanted = new ArrayList<>(inputs.size());
        for (Input input : inputs) {
            if (input.isWanted(start)) {
                wanted.add(input);
            } else {
                input.refuse(tooLate());
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        List<Input> tokenized = tokenize(model, wanted, start);
        model.metrics().tokenized(System.nanoTime() - start);
        List<Input> fitting = tokenized.stream().filter(Tokenization::fits).toList();
        if (!scheduler.add(model, fitting)) {
            Refusal full = new Refusal(
                    Kind.OVERLOADED,
                    "too many tokens wait for this model",
                    model.throughput().retryAfter(model.queue().tokens()));
            fitting.forEach(input -> input.refuse(full));
        }
    }

    static Refusal tooLate() {
        return new Refusal(Kind.TIMEOUT, "the deadline passed before the model could answer");
    }

    /** All at once, or, if that fails, one by one, so that a bad one fails alone. */
    private static List<Input> tokenize(ServedModel model, List<Input> inputs, long start) {
        try {
            List<Prepared> prepared =
                    model.pipeline().prepare(inputs.stream().map(Input::example).toList());
            long nanos = System.nanoTime() - start;
            for (int i = 0; i < inputs.size(); i++) {
                inputs.get(i).tokenized(prepared.get(i), nanos);
            }
            return inputs;
        } catch (RuntimeException | Error e) {
            if (inputs.size() == 1) {
                LOG.warn(
                        "{} {} cannot tokenize an input",
                        model.info().name(),
                        model.info().version(),
                        e);
                inputs.get(0).refuse(new Refusal(Kind.TOKENIZER, "a text could not be tokenized"));
                return List.of();
            }
        }
        List<Input> good = new ArrayList<>();
        inputs.forEach(input -> good.addAll(tokenize(model, List.of(input), start)));
        return good;
    }

    /** Refuses an input that is too long and must not be cut. */
    private static boolean fits(Input input) {
        int cut = input.prepared().truncatedTokens();
        if (input.truncate() || cut == 0) {
            return true;
        }
        int most = input.prepared().length();
        input.refuse(new Refusal(
                Kind.TOO_LARGE,
                "an input has " + ((long) most + cut) + " tokens, expected at most " + most
                        + "; shorten it or ask for truncation"));
        return false;
    }
}
