import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.RunConfig;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.tokenize.Batch;
import dev.parlance.train.export.ExportRequest;
import dev.parlance.train.export.ModelExport;
import dev.parlance.train.export.Opset;
import dev.parlance.train.export.QuantizationOptions;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Exports a classifier with standard operators, with those of ONNX Runtime, and in 8 bits with ranges of each batch and with
 * known ones, and times all four by turns: the best of some rounds' medians, since a shared machine is only ever slower.
 *
 * <p>usage: java -Xmx1g -cp 'cli/target/lib/*' runs/OnnxVariants.java MODEL_DIR TEXTS.tsv OUT.json [seconds for each]
 */
public class OnnxVariants {
    private static final int ROUNDS = 5;
    private static final int[][] SHAPES = {{1, 16}, {1, 32}, {1, 128}, {32, 64}};

    public static void main(String[] args) throws Exception {
        double seconds = args.length > 3 ? Double.parseDouble(args[3]) : 1;
        Path work = Files.createTempDirectory("variants");
        Map<String, Path> graphs = new LinkedHashMap<>();
        graphs.put("standard", export(args, work, "standard", false, null));
        graphs.put("optimized", export(args, work, "optimized", true, null));
        for (QuantizationOptions.Method method : QuantizationOptions.Method.values()) {
            QuantizationOptions options =
                    new QuantizationOptions(method, QuantizationOptions.Calibration.PERCENTILE, 64, 1, 200, 0, 42);
            String name = "int8_" + method.name().toLowerCase(java.util.Locale.ROOT);
            graphs.put(name, export(args, work, name, true, options));
        }
        Map<String, OnnxModel> models = new LinkedHashMap<>();
        graphs.forEach((name, graph) -> models.put(name, OnnxModel.load(graph, new OnnxOptions(0, true))));
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("command", "runs/OnnxVariants.java " + String.join(" ", args));
        record.put("onnx_runtime", OnnxModel.runtimeVersion());
        record.putPOJO("machine", Provenance.Machine.detect(Runtime.getRuntime().availableProcessors()));
        int vocabulary = ModelBundle.open(Path.of(args[0])).config().path("vocab_size").asInt();
        for (String name : models.keySet()) {
            record.putObject(name).put("bytes", Files.size(graphs.get(name)));
        }
        for (int[] shape : SHAPES) {
            Batch batch = batch(shape[0], shape[1], vocabulary);
            Map<String, Double> best = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                models.forEach((name, model) -> best.merge(name, median(model, batch, seconds / ROUNDS), Math::min));
            }
            best.forEach((name, millis) -> ((ObjectNode) record.get(name))
                    .put("millis_" + shape[0] + "x" + shape[1], Math.round(millis * 100) / 100.0));
        }
        models.values().forEach(OnnxModel::close);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(new File(args[2]), record);
        System.out.println(record.toPrettyString());
    }

    private static Path export(String[] args, Path work, String name, boolean optimize, QuantizationOptions int8) {
        ExportRequest request = new ExportRequest(
                args[0],
                ExportRequest.Format.ONNX,
                work.resolve(name),
                false,
                Opset.DEFAULT,
                optimize,
                int8,
                Path.of(args[1]),
                RunConfig.defaults().data());
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        return ModelExport.run(request, store, System.err::println).directory().resolve(ModelBundle.ONNX);
    }

    private static double median(OnnxModel model, Batch batch, double seconds) {
        List<Double> millis = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            long start = System.nanoTime();
            model.forward(batch);
            millis.add((System.nanoTime() - start) / 1e6);
        } while (millis.size() < 3 || System.nanoTime() < end);
        millis.sort(null);
        return millis.get(millis.size() / 2);
    }

    private static Batch batch(int rows, int length, int vocabulary) {
        Random random = new Random(1);
        Batch batch = new Batch(new long[rows][length], new long[rows][length], new long[rows][length]);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                batch.inputIds()[row][i] = 200 + random.nextInt(vocabulary - 200);
                batch.attentionMask()[row][i] = 1;
            }
        }
        return batch;
    }
}
