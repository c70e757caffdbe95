package dev.parlance.server.engine;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What Prometheus may see of a version at any moment, as long as it is being served. */
final class ModelGauges {
    private final MeterRegistry registry;
    private final List<Meter.Id> shown = new ArrayList<>();

    ModelGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows a version; another one of the same name and number must not be shown. */
    void show(ServedModel model) {
        ModelInfo info = model.info();
        Tags tags = Tags.of("model", info.name(), "version", info.version());
        gauge("parlance.queue.size", "Inputs that wait for a batch", tags, model, m -> m.queue()
                .size());
        gauge("parlance.queue.tokens", "Tokens that wait for a batch", tags, model, m -> m.queue()
                .tokens());
        gauge("parlance.requests.in.flight", "Requests being answered", tags, model, ServedModel::inFlight);
        Tags facts = tags.and(
                "task",
                info.task().name(),
                "type",
                info.modelType(),
                "precision",
                info.precision(),
                "max_length",
                Integer.toString(info.maxLength()));
        gauge("parlance.model.info", "A version that is being served", facts, model, m -> 1);
    }

    /** Shows it no more. */
    void hide() {
        shown.forEach(registry::remove);
        shown.clear();
    }

    private void gauge(
            String name, String description, Tags tags, ServedModel model, ToDoubleFunction<ServedModel> value) {
        shown.add(Gauge.builder(name, model, value)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry)
                .getId());
    }
}
