package dev.parlance.server.api;

import dev.parlance.data.Example;
import dev.parlance.server.api.KServeBodies.InputTensor;
import dev.parlance.task.SentenceEmbedding;
import dev.parlance.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of a KServe request as texts or pairs. */
final class KServeInputs {
    private KServeInputs() {}

    /** The examples that a request is about. */
    static List<Example> examples(Task task, List<InputTensor> tensors) {
        InputTensor text = null;
        InputTensor pair = null;
        for (int i = 0; i < tensors.size(); i++) {
            InputTensor tensor = tensors.get(i);
            String path = "inputs[" + i + "].name";
            boolean isText = tensor.name().equals("text");
            if (!isText && (!tensor.name().equals("text_pair") || task instanceof SentenceEmbedding)) {
                throw BadField.wrong(
                        path, "another name", task instanceof SentenceEmbedding ? "text" : "text or text_pair");
            }
            if (isText ? text != null : pair != null) {
                throw BadField.wrong(path, "a name for the second time", "each input once");
            }
            text = isText ? tensor : text;
            pair = isText ? pair : tensor;
        }
        if (text == null) {
            throw BadField.wrong("inputs", "no tensor text", "one of that name");
        }
        return examples(text.data().all(), pair == null ? null : pair.data().all(), task);
    }

    private static List<Example> examples(List<String> texts, @Nullable List<String> pairs, Task task) {
        if (pairs != null && pairs.size() != texts.size()) {
            throw BadField.wrong(
                    "inputs", texts.size() + " texts and " + pairs.size() + " second texts", "as many of both");
        }
        if (task instanceof SentenceEmbedding encoder) {
            return Serving.prompted(encoder, null, texts);
        }
        List<Example> examples = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            examples.add(new Example(texts.get(i), pairs == null ? null : pairs.get(i), null));
        }
        return examples;
    }
}
