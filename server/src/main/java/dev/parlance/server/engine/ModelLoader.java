package dev.parlance.server.engine;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.predict.Pipeline;
import dev.parlance.task.SentenceEmbedding;
import dev.parlance.task.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** Opens versions of models and warms them up. */
final class ModelLoader {
    private final EngineOptions options;
    private final MeterRegistry registry;

    ModelLoader(EngineOptions options, MeterRegistry registry) {
        this.options = options;
        this.registry = registry;
    }

    /**
     * Opens and warms up a version, on the caller's thread.
     *
     * @throws dev.parlance.config.UserError if the directory is no model that can be served
     */
    ServedModel load(ModelSpec spec) {
        ModelBundle bundle = ModelBundle.open(spec.directory());
        Pipeline pipeline = Pipeline.load(spec.directory(), options.onnx());
        try {
            double overheadTokens = WarmUp.overheadTokens(pipeline);
            return serve(info(spec, bundle), pipeline, overheadTokens);
        } catch (RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }

    /** Serves a pipeline that is open. */
    ServedModel serve(ModelInfo info, Pipeline pipeline, double overheadTokens) {
        return new ServedModel(info, pipeline, overheadTokens, options, registry);
    }

    private static ModelInfo info(ModelSpec spec, ModelBundle bundle) {
        Task task = bundle.task();
        return new ModelInfo(
                spec.name(),
                spec.version(),
                task,
                bundle.modelType(),
                bundle.maxLength(),
                task instanceof SentenceEmbedding embedding ? embedding.dimensions() : 0,
                Precision.of(bundle),
                spec.directory(),
                Clock.systemUTC().instant());
    }
}
