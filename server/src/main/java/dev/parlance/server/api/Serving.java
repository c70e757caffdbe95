package dev.parlance.server.api;

import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.server.engine.Request;
import dev.parlance.task.SentenceEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What several dialects ask of the engine: which model, its embeddings, texts from token ids. */
final class Serving {
    private final Backend backend;

    Serving(Backend backend) {
        this.backend = backend;
    }

    Backend backend() {
        return backend;
    }

    /**
     * A model that a request is for.
     *
     * @param info of the version that answers when a client names none, or of the version that was named
     * @param version the version that was named, or null, which leaves it to the engine
     */
    record Target(ModelInfo info, @Nullable String version) {
        String name() {
            return info.name();
        }

        /** The model's task, if it makes embeddings. */
        SentenceEmbedding encoder(Kind otherwise) {
            if (info.task() instanceof SentenceEmbedding task) {
                return task;
            }
            throw new Refusal(
                    otherwise,
                    "the model " + info.name() + " gives labels, not embeddings; expected a sentence encoder");
        }

        /** Makes sure that the model labels texts. */
        void requireLabels(Kind otherwise) {
            if (info.task().labels().isEmpty()) {
                throw new Refusal(
                        otherwise, "the model " + info.name() + " gives embeddings, not labels; expected a classifier");
            }
        }
    }

    /**
     * The model of a name and version.
     *
     * @throws Refusal if there is none
     */
    Target target(String name, @Nullable String version) {
        return new Target(backend.get(name, version), version);
    }

    /**
     * The model that the body names, else the query's {@code model}, else the first one; the version is the query's.
     *
     * @throws Refusal if there is none
     */
    Target target(Call call, @Nullable String named) {
        String name = named != null ? named : call.query().get("model");
        return target(name != null ? name : first(), call.query().get("version"));
    }

    /** The model in the path, in the version of the path, else of the query. */
    Target target(Call call) {
        String version = call.path().get("version");
        return target(
                call.parameter("model"),
                version != null ? version : call.query().get("version"));
    }

    /** All versions of a model. */
    List<String> versions(String name) {
        return backend.list().stream()
                .filter(info -> info.name().equals(name))
                .map(ModelInfo::version)
                .toList();
    }

    private String first() {
        List<ModelInfo> all = backend.list();
        if (all.isEmpty()) {
            throw new Refusal(Kind.NOT_FOUND, "no model is loaded");
        }
        return all.get(0).name();
    }

    CompletableFuture<Answer> ask(Target target, List<Example> inputs, @Nullable Boolean truncate) {
        if (inputs.isEmpty()) {
            throw new Refusal(Kind.EMPTY, "there are no texts, expected at least one");
        }
        return backend.submit(new Request(target.name(), target.version(), inputs, truncate, null));
    }

    /** Texts with the prompt of that name, or the model's default one, before each. */
    static List<Example> prompted(SentenceEmbedding task, @Nullable String promptName, List<String> texts) {
        String name = promptName != null ? promptName : task.defaultPrompt();
        if (name == null) {
            return texts.stream().map(Example::of).toList();
        }
        String prompt = task.prompts().get(name);
        if (prompt == null) {
            String known = String.join(", ", new TreeSet<>(task.prompts().keySet()));
            throw new BadField(
                    "prompt_name",
                    known.isEmpty() ? "the model has no prompts, expected no name of one" : "expected one of " + known);
        }
        return texts.stream().map(text -> Example.of(prompt + text)).toList();
    }

    /** The texts, those given as ids decoded; the model's own special tokens are left out, since they are added again. */
    CompletableFuture<List<String>> texts(Target target, TextsOrIds inputs) {
        List<int[]> ids = new ArrayList<>();
        inputs.all().forEach(item -> {
            if (item.ids() != null) {
                ids.add(item.ids());
            }
        });
        if (ids.isEmpty()) {
            return CompletableFuture.completedFuture(merge(inputs, List.of()));
        }
        return Work.then(backend.decode(target.name(), target.version(), ids, true), decoded -> merge(inputs, decoded));
    }

    private static List<String> merge(TextsOrIds inputs, List<String> decoded) {
        List<String> texts = new ArrayList<>(inputs.all().size());
        int next = 0;
        for (TextsOrIds.Item item : inputs.all()) {
            texts.add(item.text() != null ? item.text() : decoded.get(next++));
        }
        return texts;
    }

    /** The embeddings of an answer. */
    static List<Embedding> embeddings(Answer answer) {
        List<Embedding> embeddings = new ArrayList<>(answer.predictions().size());
        for (Prediction prediction : answer.predictions()) {
            if (!(prediction.annotation() instanceof Embedding embedding)) {
                throw new Refusal(Kind.BACKEND, "the version that answered gives labels, not embeddings");
            }
            embeddings.add(embedding);
        }
        return embeddings;
    }
}
