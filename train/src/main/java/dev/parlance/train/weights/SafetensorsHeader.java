package dev.parlance.train.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, checked as strictly as the format's reference implementation does: known types,
 * sizes that agree with shapes, and tensors that cover the data without gap or overlap. Source:
 * https://github.com/huggingface/safetensors#format.
 */
final class SafetensorsHeader {
    /** The reference implementation's bound on the header. */
    static final long MAX_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;

    private SafetensorsHeader(Path file) {
        this.file = file;
    }

    /**
     * Reads the tensors' places.
     *
     * @param file only named in errors
     * @param json the header without its length
     * @param dataBytes how many bytes follow the header
     */
    static Map<String, TensorEntry> parse(Path file, byte[] json, long dataBytes) {
        return new SafetensorsHeader(file).entries(json, dataBytes);
    }

    /** The header of a file with these float tensors in this order, padded with spaces so that the data is aligned. */
    static byte[] format(Collection<TensorEntry> entries) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject(METADATA).put("format", "pt");
        for (TensorEntry entry : entries) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", entry.type().name());
            ArrayNode shape = node.putArray("shape");
            entry.shape().forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private Map<String, TensorEntry> entries(byte[] json, long dataBytes) {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root(json).properties()) {
            if (field.getKey().equals(METADATA)) {
                checkMetadata(field.getValue());
            } else {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
            }
        }
        checkCoverage(entries.values(), dataBytes);
        return entries;
    }

    private JsonNode root(byte[] json) {
        if (json.length == 0 || json[0] != '{') {
            throw broken("its header does not start with '{'");
        }
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UserError(message("its header is no valid JSON: " + e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UserError(message("its header is no valid JSON: " + e.getMessage()), e);
        }
    }

    private void checkMetadata(JsonNode metadata) {
        if (!metadata.isObject() || !metadata.valueStream().allMatch(JsonNode::isTextual)) {
            throw broken("__metadata__ is not a map of texts");
        }
    }

    private TensorEntry entry(String name, JsonNode node) {
        String dtype = node.path("dtype").asText();
        if (!DType.isKnown(dtype)) {
            throw broken("tensor " + name + " has dtype '" + dtype + "', expected one of " + DType.known());
        }
        DType type = DType.valueOf(dtype);
        List<Long> shape = numbers(name, "shape", node);
        List<Long> offsets = numbers(name, "data_offsets", node);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw broken("tensor " + name + " has data_offsets " + offsets + ", expected [begin, end]");
        }
        TensorEntry entry = new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
        if (bytes(entry) != entry.end() - entry.begin()) {
            throw broken("tensor " + name + " of " + dtype + " " + shape + " has " + (entry.end() - entry.begin())
                    + " bytes, expected " + bytes(entry));
        }
        return entry;
    }

    private List<Long> numbers(String tensor, String field, JsonNode node) {
        JsonNode array = node.path(field);
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : array) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw broken("tensor " + tensor + " has " + field + " " + array + ", expected whole numbers from 0");
            }
            numbers.add(number.longValue());
        }
        if (!array.isArray()) {
            throw broken("tensor " + tensor + " has no list " + field);
        }
        return numbers;
    }

    private long bytes(TensorEntry entry) {
        try {
            return entry.shape().stream().reduce((long) entry.type().bytes(), Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new UserError(message("tensor " + entry.name() + " has the impossible shape " + entry.shape()), e);
        }
    }

    private void checkCoverage(Collection<TensorEntry> entries, long dataBytes) {
        List<TensorEntry> ordered = entries.stream()
                .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                .toList();
        long covered = 0;
        for (TensorEntry entry : ordered) {
            if (entry.begin() != covered) {
                throw broken("tensor " + entry.name() + " starts at byte " + entry.begin() + " of the data, expected "
                        + covered + ": tensors " + (entry.begin() < covered ? "overlap" : "leave a gap"));
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw broken("its header announces " + covered + " bytes of data, but the file has " + dataBytes
                    + (covered > dataBytes ? ": it is cut off, copy or download it again" : ""));
        }
    }

    private UserError broken(String what) {
        return new UserError(message(what));
    }

    private String message(String what) {
        return file + " is no valid safetensors file: " + what;
    }
}
