package dev.parlance.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI 3.1 document of routes: from their records, examples and the replies of their dialects. */
final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)(\\+?)\\}");

    private final Schemas schemas = new Schemas();

    private OpenApi() {}

    /** The document of all routes that have a doc. */
    static ObjectNode of(List<Route> routes, String version) {
        return new OpenApi().document(routes, version);
    }

    private ObjectNode document(List<Route> routes, String version) {
        ObjectNode document = object();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "Parlance");
        info.put("version", version);
        info.put("summary", "Text models over HTTP, in the dialects of clients that exist");
        info.putObject("license").put("name", "Apache 2.0").put("identifier", "Apache-2.0");
        ArrayNode tags = document.putArray("tags");
        for (Dialect dialect : Dialect.values()) {
            tags.addObject().put("name", dialect.title());
        }
        ObjectNode paths = document.putObject("paths");
        for (Route route : routes) {
            RouteDoc doc = route.doc();
            if (doc != null) {
                String path = PARAMETER.matcher(route.path()).replaceAll("{$1}");
                paths.withObjectProperty(path).set(route.method().toLowerCase(Locale.ROOT), operation(route, doc));
            }
        }
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas.components());
        components
                .putObject("securitySchemes")
                .putObject("key")
                .put("type", "http")
                .put("scheme", "bearer");
        return document;
    }

    private ObjectNode operation(Route route, RouteDoc doc) {
        ObjectNode operation = object();
        operation.putArray("tags").add(doc.dialect().title());
        operation.put("summary", doc.summary());
        if (!doc.details().isEmpty()) {
            operation.put("description", doc.details());
        }
        operation.put("operationId", doc.id());
        parameters(operation.putArray("parameters"), route, doc);
        if (!doc.requests().isEmpty()) {
            operation.set("requestBody", requestBody(doc.requests()));
        }
        ObjectNode responses = operation.putObject("responses");
        results(responses, doc);
        refusals(responses, route, doc);
        ArrayNode security = operation.putArray("security");
        if (route.access() == Route.Access.CLIENT) {
            security.addObject(); // no key is needed where none is set
        }
        if (route.access() != Route.Access.PUBLIC) {
            security.addObject().putArray("key");
        }
        return operation;
    }

    private static void parameters(ArrayNode parameters, Route route, RouteDoc doc) {
        Matcher matcher = PARAMETER.matcher(route.path());
        while (matcher.find()) {
            ObjectNode parameter = parameter(parameters, matcher.group(1), "path");
            parameter.put("required", true);
            if (!matcher.group(2).isEmpty()) {
                parameter.put("description", "May hold slashes.");
            }
        }
        for (RouteDoc.Parameter query : doc.query()) {
            parameter(parameters, query.name(), "query").put("description", query.description());
        }
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    private ObjectNode requestBody(List<RouteDoc.Request> requests) {
        ObjectNode body = object().put("required", true);
        ObjectNode content = body.putObject("content").putObject(Reply.JSON);
        Set<Class<?>> types = new LinkedHashSet<>();
        requests.forEach(request -> types.add(request.type()));
        content.set("schema", anyOf(types));
        ObjectNode examples = content.putObject("examples");
        for (RouteDoc.Request request : requests) {
            examples.putObject("example-" + (examples.size() + 1)).set("value", parse(request.example()));
        }
        return body;
    }

    private void results(ObjectNode responses, RouteDoc doc) {
        Map<Integer, Set<Class<?>>> types = new TreeMap<>();
        for (RouteDoc.Result result : doc.results()) {
            types.computeIfAbsent(result.status(), status -> new LinkedHashSet<>())
                    .add(result.type());
        }
        for (RouteDoc.Result result : doc.results()) {
            ObjectNode response = responses.withObjectProperty(Integer.toString(result.status()));
            String before = response.path("description").asText("");
            response.put("description", before.isEmpty() ? result.description() : before + ". " + result.description());
            ObjectNode content = response.withObjectProperty("content").withObjectProperty(result.contentType());
            if (!content.has("schema")) {
                content.set("schema", anyOf(types.getOrDefault(result.status(), Set.of())));
            }
            ObjectNode examples = content.withObjectProperty("examples");
            examples.putObject("example-" + (examples.size() + 1))
                    .set("value", ApiJson.MAPPER.valueToTree(result.example()));
        }
    }

    private ObjectNode anyOf(Set<Class<?>> types) {
        if (types.size() == 1) {
            return schemas.of(types.iterator().next());
        }
        ObjectNode schema = object();
        ArrayNode forms = schema.putArray("anyOf");
        types.forEach(type -> forms.add(schemas.of(type)));
        return schema;
    }

    /** The replies to what goes wrong, as the dialect itself makes them. */
    private void refusals(ObjectNode responses, Route route, RouteDoc doc) {
        Map<Integer, Map<String, Reply>> replies = new TreeMap<>();
        if (route.access() != Route.Access.PUBLIC) {
            add(replies, "no-key", doc.dialect().refuse(401, "a key is needed: Authorization: Bearer KEY"));
        }
        for (Kind kind : doc.refusals()) {
            add(
                    replies,
                    kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    doc.dialect().refuse(new Refusal(kind, meaning(kind))));
        }
        replies.forEach((status, examples) -> {
            ObjectNode response = responses.putObject(status.toString());
            response.put("description", String.join(", or ", descriptions(examples)));
            ObjectNode content = response.putObject("content").putObject(Reply.JSON);
            content.set("schema", schemas.of(doc.dialect().errorType()));
            ObjectNode all = content.putObject("examples");
            examples.forEach((name, reply) -> all.putObject(name).set("value", parse(reply.body())));
        });
    }

    private static void add(Map<Integer, Map<String, Reply>> replies, String name, Reply reply) {
        replies.computeIfAbsent(reply.status(), status -> new LinkedHashMap<>()).put(name, reply);
    }

    private static List<String> descriptions(Map<String, Reply> examples) {
        return examples.keySet().stream().map(name -> name.replace('-', ' ')).toList();
    }

    private static String meaning(Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> "there is no model of that name";
            case UNHEALTHY -> "the server is shutting down";
            case OVERLOADED -> "the queue is full, try again later";
            case VALIDATION -> "inputs[3]: found an integer, expected a string";
            case TOO_LARGE -> "the text has 600 tokens, expected at most 512";
            case EMPTY -> "there are no texts, expected at least one";
            case TOKENIZER -> "the text could not be tokenized";
            case BACKEND -> "the model failed";
            case TIMEOUT -> "the model did not answer in time";
        };
    }

    private static JsonNode parse(String json) {
        try {
            return ApiJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an example is no JSON: " + json, e);
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            return ApiJson.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode object() {
        return ApiJson.MAPPER.createObjectNode();
    }
}
