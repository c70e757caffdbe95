import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.optim.Optimizer;
import dev.parlance.train.optim.ParameterGroup;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Runs every optimizer beside float64 numbers of torch.optim and transformers (runs/reference/optimizers.py) and records the
 * largest deviation, relative to the largest number of the parameter, over all parameters and saved steps.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/OptimizerParity.java train/src/test/resources/optimizers/optimizers.json
 * runs/optimizer-parity.json
 */
public class OptimizerParity {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        Torch.initialize(1, false);
        JsonNode fixture = JSON.readTree(new File(args[0]));
        ObjectNode record = JSON.createObjectNode();
        record.put("against", "float64 runs of torch.optim and transformers on the same gradients; lion: its paper's program");
        record.set("made_by", fixture.get("made_by"));
        record.set("steps", fixture.get("steps"));
        ObjectNode optimizers = record.putObject("optimizers");
        for (Map.Entry<String, JsonNode> entry : fixture.get("cases").properties()) {
            ObjectNode row = optimizers.putObject(entry.getKey());
            row.setAll((ObjectNode) entry.getValue().get("settings"));
            row.put("max_relative_deviation", deviation(fixture, entry.getValue()));
            System.out.printf("%-20s %.1e%n", entry.getKey(), row.get("max_relative_deviation").asDouble());
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
    }

    private static double deviation(JsonNode fixture, JsonNode parity) {
        RunConfig config = RunConfig.defaults();
        for (Map.Entry<String, JsonNode> setting : parity.get("settings").properties()) {
            config = config.with("training." + setting.getKey(), setting.getValue());
        }
        TrainingArguments arguments = config.training();
        double worst = 0;
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> shape : fixture.get("shapes").properties()) {
                int index = parameters.size();
                parameters.put(shape.getKey(), tensor(1, index, shape.getValue(), x -> 2 * x).requiresGrad(true));
            }
            try (Optimizer optimizer = Optimizer.of(groups(parameters, arguments), arguments, 1)) {
                for (int step = 1; step <= fixture.get("steps").asInt(); step++) {
                    backward(parameters, fixture.get("shapes"), step);
                    optimizer.beginStep();
                    optimizer.step(0, arguments.learningRate(), 1);
                    JsonNode expected = parity.get("parameters").get(String.valueOf(step));
                    for (String name : expected == null ? List.<String>of() : List.copyOf(parameters.keySet())) {
                        worst = Math.max(worst, deviation(parameters.get(name), expected.get(name)));
                    }
                }
            }
        }
        return worst;
    }

    private static List<ParameterGroup> groups(Map<String, Tensor> parameters, TrainingArguments arguments) {
        Map<String, Tensor> decayed = new LinkedHashMap<>(parameters);
        decayed.keySet().removeIf(name -> name.endsWith("bias") || name.contains("LayerNorm"));
        Map<String, Tensor> others = new LinkedHashMap<>(parameters);
        others.keySet().removeAll(decayed.keySet());
        return List.of(new ParameterGroup(decayed, 1, arguments.weightDecay()), new ParameterGroup(others, 1, 0));
    }

    /** The gradient at index i is c_i (w - t_i) + noise(i, step). */
    private static void backward(Map<String, Tensor> parameters, JsonNode shapes, int step) {
        int index = 0;
        for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
            JsonNode shape = shapes.get(entry.getKey());
            Tensor w = entry.getValue();
            w.clearGrad();
            Tensor distance = w.sub(tensor(3, index, shape, x -> x));
            Tensor bowl = distance.mul(distance).mul(tensor(2, index, shape, x -> 1 + x)).mul(0.5);
            bowl.add(w.mul(tensor(100 + step, index, shape, x -> x))).sum().backward();
            index++;
        }
    }

    private static double deviation(Tensor found, JsonNode expected) {
        float[] values = found.detach().toFloats();
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            difference = Math.max(difference, Math.abs(values[i] - expected.get(i).asDouble()));
            largest = Math.max(largest, Math.abs(expected.get(i).asDouble()));
        }
        return difference / largest;
    }

    private static Tensor tensor(int salt, int parameter, JsonNode shape, DoubleUnaryOperator map) {
        long[] sizes = new long[shape.size()];
        Arrays.setAll(sizes, i -> shape.get(i).asLong());
        float[] values = new float[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) map.applyAsDouble(fraction(salt, parameter, i));
        }
        return Tensor.fromFloats(values, sizes);
    }

    private static double fraction(int... numbers) {
        long h = 0;
        for (int n : numbers) {
            h = (h * 31 + n * 7919L + 1) % 100003;
        }
        return h / 100003.0 - 0.5;
    }
}
