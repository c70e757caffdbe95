package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and replies as the Open Inference Protocol (KServe v2) has them. */
final class KServeBodies {
    private KServeBodies() {}

    record InferRequest(
            @JsonPropertyDescription("Comes back in the reply.") @Nullable
            String id,

            @Nullable InferParameters parameters,

            @JsonPropertyDescription("text, and for pairs text_pair.")
            List<InputTensor> inputs,

            @JsonPropertyDescription("Which outputs are wanted; without it all.") @Nullable
            List<OutputRequest> outputs) {
        InferRequest {
            BadField.required(inputs, "inputs", "an array of tensors");
            inputs = checked(inputs, "inputs");
            outputs = outputs == null ? null : checked(outputs, "outputs");
        }

        private static <T> List<T> checked(List<T> items, String field) {
            for (int i = 0; i < items.size(); i++) {
                BadField.required(items.get(i), field + "[" + i + "]", "an object");
            }
            return List.copyOf(items);
        }
    }

    record InferParameters(
            @JsonPropertyDescription("Whether a text that is too long is cut at its end; if not, it is refused.")
            @Nullable
            Boolean truncate,

            @JsonPropertyDescription("Only false.") @Nullable
            Boolean binaryDataOutput) {
        InferParameters {
            noBinary(binaryDataOutput, "binary_data_output");
        }
    }

    record InputTensor(
            @JsonPropertyDescription("text or text_pair.") String name,
            @JsonPropertyDescription("[n] or [n, 1].") int[] shape,
            @JsonPropertyDescription("BYTES.") String datatype,
            @Nullable InputParameters parameters,
            @JsonPropertyDescription("The texts.") TensorTexts data) {
        InputTensor {
            BadField.required(name, "name", "text or text_pair");
            BadField.required(shape, "shape", "an array of integers");
            BadField.required(data, "data", "an array of strings");
            if (!"BYTES".equals(datatype)) {
                throw BadField.wrong("datatype", "another type", "BYTES");
            }
            boolean column = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
            if (!column || shape[0] != data.all().size()) {
                int n = data.all().size();
                throw new BadField(
                        "shape", "does not fit the data, expected [" + n + "] or [" + n + ", 1] for " + n + " strings");
            }
        }
    }

    record InputParameters(
            @JsonPropertyDescription("Only str.") @Nullable String contentType) {
        InputParameters {
            if (contentType != null && !contentType.equals("str")) {
                throw BadField.wrong("content_type", "another type", "str");
            }
        }
    }

    /** Strings, in nested arrays or flat. */
    @OneOf({String[].class, String[][].class})
    record TensorTexts(List<String> all) {
        TensorTexts {
            all = List.copyOf(all);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static TensorTexts of(JsonNode node) {
            if (!node.isArray()) {
                throw BadField.wrong("", ApiJson.kind(node), "an array of strings");
            }
            List<String> all = new ArrayList<>(node.size());
            for (int i = 0; i < node.size(); i++) {
                JsonNode item = node.get(i);
                boolean row = item.isArray() && item.size() == 1;
                String path = "[" + i + "]" + (row ? "[0]" : "");
                all.add(Texts.text(row ? item.get(0) : item, path));
            }
            return new TensorTexts(all);
        }
    }

    record OutputRequest(
            @JsonPropertyDescription("label, score, probabilities or embedding.")
            String name,

            @Nullable OutputParameters parameters) {
        OutputRequest {
            BadField.required(name, "name", "the name of an output");
        }
    }

    record OutputParameters(
            @JsonPropertyDescription("Gives probabilities as the best so many labels, each a string score:index:label.")
            @Nullable
            Integer classification,

            @JsonPropertyDescription("Only false.") @Nullable
            Boolean binaryData) {
        OutputParameters {
            noBinary(binaryData, "binary_data");
            if (classification != null && classification < 1) {
                throw BadField.wrong("classification", classification.toString(), "a number from 1 on");
            }
        }
    }

    private static void noBinary(@Nullable Boolean binary, String field) {
        if (Boolean.TRUE.equals(binary)) {
            throw BadField.wrong(field, "true", "false, since tensors are given in JSON only");
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record InferReply(
            String modelName, String modelVersion, @Nullable String id, List<OutputTensor> outputs) {}

    record OutputTensor(String name, String datatype, int[] shape, TensorData data) {
        static OutputTensor of(String name, float[] numbers, int... shape) {
            return new OutputTensor(name, "FP32", shape, new TensorData(numbers));
        }

        static OutputTensor of(String name, List<String> strings, int... shape) {
            return new OutputTensor(name, "BYTES", shape, new TensorData(strings));
        }
    }

    /** Numbers or strings, row-major. */
    @OneOf({float[].class, String[].class})
    record TensorData(@JsonValue Object values) {}

    record Server(String name, String version, List<String> extensions) {}

    record Live(boolean live) {}

    record Ready(boolean ready) {}

    record ModelReady(String name, boolean ready) {}

    record Metadata(
            String name,
            List<String> versions,
            String platform,
            List<MetadataTensor> inputs,
            List<MetadataTensor> outputs) {}

    record MetadataTensor(
            String name,
            String datatype,

            @JsonPropertyDescription("-1 stands for any size.")
            int[] shape) {}
}
