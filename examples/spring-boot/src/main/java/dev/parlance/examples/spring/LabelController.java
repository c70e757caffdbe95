package dev.parlance.examples.spring;

import dev.parlance.data.Annotation;
import dev.parlance.data.Labels;
import dev.parlance.predict.Pipeline;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code POST /label {"texts": ["good", "bad"]}} answers {@code [{"label": "positive", "probability": 0.98}, ...]}. */
@RestController
class LabelController {
    private static final int MAX_TEXTS = 64;

    private final Pipeline pipeline;

    LabelController(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    record Texts(List<String> texts) {}

    record Answer(String label, double probability) {}

    @PostMapping("/label")
    List<Answer> label(@RequestBody Texts request) {
        List<String> texts = request.texts();
        if (texts == null || texts.isEmpty() || texts.size() > MAX_TEXTS || texts.contains(null)) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "texts: expected 1 to " + MAX_TEXTS + " strings");
        }
        return pipeline.predict(texts).stream().map(LabelController::answer).toList();
    }

    private static Answer answer(Annotation annotation) {
        Labels.ScoredLabel best = ((Labels) annotation).best();
        return new Answer(best.label(), best.score());
    }
}
