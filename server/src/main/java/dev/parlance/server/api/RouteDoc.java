package dev.parlance.server.api;

import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * What the OpenAPI document says of a route. Bodies are the types that the route reads and writes, so that the document cannot
 * say anything else.
 *
 * @param dialect whose habits it keeps
 * @param id of the operation, unique
 * @param summary one line
 * @param details more, in Markdown; may be empty
 * @param query parameters of the query
 * @param requests the bodies it takes; none if it takes no body
 * @param results what it answers when all is well
 * @param refusals why it may give no answer
 */
public record RouteDoc(
        Dialect dialect,
        String id,
        String summary,
        String details,
        List<Parameter> query,
        List<Request> requests,
        List<Result> results,
        List<Kind> refusals) {
    public RouteDoc {
        query = List.copyOf(query);
        requests = List.copyOf(requests);
        results = List.copyOf(results);
        refusals = List.copyOf(refusals);
    }

    /**
     * A parameter of the query, a string that may be left out.
     *
     * @param name as it is written
     * @param description what it does
     */
    public record Parameter(String name, String description) {}

    /**
     * A body that a route takes.
     *
     * @param type the record that it is read as
     * @param example in JSON
     */
    public record Request(Class<?> type, String example) {}

    /**
     * A good answer.
     *
     * @param status of HTTP
     * @param description of what it is
     * @param type of the body
     * @param example a body of that type, or text
     * @param contentType of the body
     */
    public record Result(int status, String description, Class<?> type, Object example, String contentType) {}

    static RouteDoc of(Dialect dialect, String id, String summary) {
        return new RouteDoc(dialect, id, summary, "", List.of(), List.of(), List.of(), List.of());
    }

    RouteDoc details(String text) {
        return new RouteDoc(dialect, id, summary, text, query, requests, results, refusals);
    }

    RouteDoc query(String name, String description) {
        return new RouteDoc(
                dialect,
                id,
                summary,
                details,
                plus(query, new Parameter(name, description)),
                requests,
                results,
                refusals);
    }

    /** A body that it takes, with examples, the first of which the document shows first. */
    RouteDoc takes(Class<?> type, String... examples) {
        List<Request> all = new ArrayList<>(requests);
        for (String example : examples) {
            all.add(new Request(type, example));
        }
        return new RouteDoc(dialect, id, summary, details, query, all, results, refusals);
    }

    RouteDoc gives(String description, Class<?> type, Object example) {
        return result(new Result(200, description, type, example, Reply.JSON));
    }

    RouteDoc result(Result result) {
        return new RouteDoc(dialect, id, summary, details, query, requests, plus(results, result), refusals);
    }

    RouteDoc refuses(Kind... kinds) {
        List<Kind> all = new ArrayList<>(refusals);
        all.addAll(List.of(kinds));
        return new RouteDoc(dialect, id, summary, details, query, requests, results, all);
    }

    /** What can go wrong wherever a model is asked. */
    RouteDoc asksModel() {
        return refuses(
                Kind.VALIDATION,
                Kind.EMPTY,
                Kind.NOT_FOUND,
                Kind.TOO_LARGE,
                Kind.TOKENIZER,
                Kind.OVERLOADED,
                Kind.BACKEND,
                Kind.UNHEALTHY,
                Kind.TIMEOUT);
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> all = new ArrayList<>(list);
        all.add(one);
        return all;
    }
}
