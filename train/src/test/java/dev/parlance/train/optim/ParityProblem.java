package dev.parlance.train.optim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The problem of runs/reference/optimizers.py: parameters whose gradient at index i is {@code c_i (w - t_i) + noise(i, step)},
 * so that it is the same in every language.
 */
record ParityProblem(Map<String, int[]> shapes) {
    /** The fixture that the script wrote. */
    static JsonNode fixture(String name) {
        try (InputStream file = ParityProblem.class.getResourceAsStream("/optimizers/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new IllegalStateException("broken fixture " + name, e);
        }
    }

    static ParityProblem ofFixture() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                fixture("optimizers.json").get("shapes").properties()) {
            List<Integer> sizes = new ArrayList<>();
            entry.getValue().forEach(size -> sizes.add(size.asInt()));
            shapes.put(
                    entry.getKey(), sizes.stream().mapToInt(Integer::intValue).toArray());
        }
        return new ParityProblem(shapes);
    }

    static List<String> cases() {
        List<String> names = new ArrayList<>();
        fixture("optimizers.json").get("cases").fieldNames().forEachRemaining(names::add);
        return names;
    }

    static TrainingArguments arguments(String name) {
        RunConfig config = RunConfig.defaults();
        JsonNode settings = fixture("optimizers.json").get("cases").get(name).get("settings");
        for (Map.Entry<String, JsonNode> setting : settings.properties()) {
            config = config.with("training." + setting.getKey(), setting.getValue());
        }
        return config.training();
    }

    int index(String parameter) {
        return List.copyOf(shapes.keySet()).indexOf(parameter);
    }

    int size(String parameter) {
        int size = 1;
        for (int length : Objects.requireNonNull(shapes.get(parameter))) {
            size *= length;
        }
        return size;
    }

    double[] start(String parameter) {
        return numbers(1, parameter, x -> 2 * x);
    }

    double[] rates(String parameter) {
        return numbers(2, parameter, x -> 1 + x);
    }

    double[] targets(String parameter) {
        return numbers(3, parameter, x -> x);
    }

    double[] noise(String parameter, int step) {
        return numbers(100 + step, parameter, x -> x);
    }

    double[] gradient(String parameter, double[] w, int step) {
        double[] rates = rates(parameter);
        double[] targets = targets(parameter);
        double[] gradient = noise(parameter, step);
        for (int i = 0; i < w.length; i++) {
            gradient[i] += rates[i] * (w[i] - targets[i]);
        }
        return gradient;
    }

    /** Parameters to train, at the start. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shapes.keySet()
                .forEach(name -> tensors.put(name, tensor(name, start(name)).requiresGrad(true)));
        return tensors;
    }

    /** Leaves the gradients of a step in the parameters. */
    void backward(Map<String, Tensor> tensors, int step) {
        tensors.forEach((name, w) -> {
            w.clearGrad();
            Tensor distance = w.sub(tensor(name, targets(name)));
            Tensor bowl = distance.mul(distance).mul(tensor(name, rates(name))).mul(0.5);
            bowl.add(w.mul(tensor(name, noise(name, step)))).sum().backward();
        });
    }

    Tensor tensor(String name, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        int[] shape = Objects.requireNonNull(shapes.get(name));
        return Tensor.fromFloats(floats, Arrays.stream(shape).asLongStream().toArray());
    }

    private double[] numbers(int salt, String parameter, DoubleUnaryOperator map) {
        double[] numbers = new double[size(parameter)];
        int index = index(parameter);
        Arrays.setAll(numbers, i -> map.applyAsDouble(fraction(salt, index, i)));
        return numbers;
    }

    private static double fraction(int... numbers) {
        long h = 0;
        for (int n : numbers) {
            h = (h * 31 + n * 7919L + 1) % 100003;
        }
        return h / 100003.0 - 0.5;
    }
}
