package dev.parlance.server.engine;

import dev.parlance.data.Annotation;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.ModelMetrics.ShadowResult;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Asks a shadow version what another one has answered, when there is nothing else to do, and counts how often both agree. */
final class Shadowing {
    /** Embeddings with a cosine from here on are taken for the same. */
    private static final double SAME_DIRECTION = 0.99;

    private final Stations stations;
    private final EngineOptions options;

    Shadowing(Stations stations, EngineOptions options) {
        this.stations = stations;
        this.options = options;
    }

    /** Copies answered inputs to a shadow version, which the caller holds, or drops them if too many wait there. */
    void copy(ServedModel shadow, List<Example> inputs, Answer answer) {
        if (!shadow.tryShadow(inputs.size(), options.maxShadowInputs())) {
            shadow.metrics().shadow(ShadowResult.DROPPED);
            return;
        }
        long timeout = options.requestTimeout().toNanos();
        Job job = new Job(shadow.info(), inputs.size(), answer.characters(), System.nanoTime() + timeout);
        Threads.onEnd(job.future(), (copy, failure) -> {
            shadow.endShadow(inputs.size());
            shadow.metrics().shadow(result(answer, copy));
        });
        stations.start(shadow, job, inputs, true, true);
        stations.watch(job, timeout);
    }

    private static ShadowResult result(Answer answer, @Nullable Answer copy) {
        if (copy == null) {
            return ShadowResult.FAILED;
        }
        List<Prediction> one = answer.predictions();
        List<Prediction> other = copy.predictions();
        return IntStream.range(0, one.size())
                        .allMatch(
                                i -> agree(one.get(i).annotation(), other.get(i).annotation()))
                ? ShadowResult.AGREED
                : ShadowResult.DIFFERED;
    }

    /** Whether both say the same label, or point in the same direction. */
    static boolean agree(Annotation one, Annotation other) {
        if (one instanceof Labels a && other instanceof Labels b) {
            return a.best().label().equals(b.best().label());
        }
        return one instanceof Embedding a
                && other instanceof Embedding b
                && a.values().length == b.values().length
                && a.cosine(b) >= SAME_DIRECTION;
    }
}
