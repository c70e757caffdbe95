package dev.parlance.server.api;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfig;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas of the records that routes read and write, by the same rules: snake_case keys, nothing unknown, required unless
 * it may be null.
 */
final class Schemas {
    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

    private final SchemaBuilder builder = new SchemaGenerator(config()).buildMultipleSchemaDefinitions();

    /** A reference to the schema of a type, which is whole once {@link #components} has been called. */
    ObjectNode of(Class<?> type) {
        return builder.createSchemaReference(type);
    }

    /** All schemas that were referred to, by name. */
    ObjectNode components() {
        return builder.collectDefinitions("components/schemas");
    }

    private static SchemaGeneratorConfig config() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        ApiJson.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(
                        Option.DEFINITIONS_FOR_ALL_OBJECTS,
                        Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.FLATTENED_ENUMS_FROM_TOSTRING,
                        Option.ADDITIONAL_FIXED_TYPES,
                        Option.EXTRA_OPEN_API_FORMAT_VALUES,
                        Option.PLAIN_DEFINITION_KEYS)
                .without(Option.SCHEMA_VERSION_INDICATOR, Option.FLATTENED_ENUMS);
        config.forFields()
                .withPropertyNameOverrideResolver(Schemas::name)
                .withDescriptionResolver(Schemas::description)
                .withDefaultResolver(Schemas::defaultValue)
                .withNullableCheck(Schemas::nullable)
                .withRequiredCheck(field -> !nullable(field));
        config.forTypesInGeneral().withCustomDefinitionProvider(Schemas::forms);
        return config.build();
    }

    private static String name(FieldScope field) {
        JsonProperty property = field.getAnnotation(JsonProperty.class);
        return property != null && !property.value().isEmpty()
                ? property.value()
                : SNAKE_CASE.translate(field.getDeclaredName());
    }

    private static @Nullable String description(FieldScope field) {
        JsonPropertyDescription description = field.getAnnotation(JsonPropertyDescription.class);
        return description == null ? null : description.value();
    }

    private static @Nullable Object defaultValue(FieldScope field) {
        JsonProperty property = field.getAnnotation(JsonProperty.class);
        if (property == null || property.defaultValue().isEmpty()) {
            return null;
        }
        String value = property.defaultValue();
        return switch (value) {
            case "true", "false" -> Boolean.valueOf(value);
            case "0" -> 0;
            default -> value;
        };
    }

    private static boolean nullable(FieldScope field) {
        return field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** The schema of a type that stands in JSON in one of several forms. */
    private static @Nullable CustomDefinition forms(ResolvedType type, SchemaGenerationContext context) {
        OneOf oneOf = type.getErasedType().getAnnotation(OneOf.class);
        if (oneOf == null) {
            return null;
        }
        ObjectNode schema = context.getGeneratorConfig().createObjectNode();
        ArrayNode forms = schema.putArray("anyOf");
        for (Class<?> form : oneOf.value()) {
            JsonNode reference =
                    context.createDefinitionReference(context.getTypeContext().resolve(form));
            forms.add(reference);
        }
        return new CustomDefinition(schema);
    }
}
