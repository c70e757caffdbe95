package dev.parlance.server.engine;

import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one batch after the other. Answers are told by other threads, so that the next batch starts at once. */
final class Worker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Scheduler scheduler;
    private final Executor tellers;

    Worker(Scheduler scheduler, Executor tellers) {
        this.scheduler = scheduler;
        this.tellers = tellers;
    }

    @Override
    public void run() {
        try {
            for (Scheduler.Batch batch = scheduler.take(); batch != null; batch = scheduler.take()) {
                List<Runnable> news = new ArrayList<>(batch.inputs().size());
                run(batch.model(), wanted(batch.inputs(), news), news);
                tellers.execute(() -> news.forEach(Runnable::run));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it but to end it
        }
    }

    private static List<Input> wanted(List<Input> inputs, List<Runnable> news) {
        long now = System.nanoTime();
        List<Input> wanted = new ArrayList<>(inputs.size());
        for (Input input : inputs) {
            if (input.isWanted(now)) {
                wanted.add(input);
            } else {
                news.add(() -> input.refuse(Tokenization.tooLate()));
            }
        }
        return wanted;
    }

    /** Runs inputs together, or, if that fails, each half for itself, so that a bad one fails alone. */
    private static void run(ServedModel model, List<Input> inputs, List<Runnable> news) {
        if (inputs.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        try {
            List<Prediction> predictions =
                    model.pipeline().run(inputs.stream().map(Input::prepared).toList());
            long nanos = System.nanoTime() - start;
            count(model, inputs, nanos);
            for (int i = 0; i < inputs.size(); i++) {
                Input input = inputs.get(i);
                Outcome outcome = new Outcome(
                        predictions.get(i),
                        input.prepared().length(),
                        input.tokenizationNanos(),
                        input.waitedNanos(),
                        nanos);
                news.add(() -> input.answer(outcome));
            }
        } catch (RuntimeException | Error e) {
            if (inputs.size() == 1) {
                LOG.warn(
                        "{} {} cannot answer an input",
                        model.info().name(),
                        model.info().version(),
                        e);
                Input bad = inputs.get(0);
                news.add(() -> bad.refuse(new Refusal(Kind.BACKEND, "the model failed on an input")));
                return;
            }
            int half = inputs.size() / 2;
            run(model, inputs.subList(0, half), news);
            run(model, inputs.subList(half, inputs.size()), news);
        }
    }

    private static void count(ServedModel model, List<Input> inputs, long nanos) {
        int longest = 0;
        long tokens = 0;
        for (Input input : inputs) {
            longest = Math.max(longest, input.length());
            tokens += input.length();
            if (!input.isBackground()) {
                model.metrics().waited(input.waitedNanos());
            }
        }
        model.metrics().ran(new BatchShape(inputs.size(), longest, tokens), nanos);
        model.throughput().ran(tokens, nanos);
    }
}
