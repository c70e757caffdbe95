import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.data.Example;
import dev.parlance.predict.Model;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Tokenizer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Streams rows through a pipeline and compares its speed with ONNX Runtime alone on the very batches that the pipeline made;
 * checks the order of the answers and follows the process's resident memory.
 *
 * <p>usage: java -Xmx512m -cp 'cli/target/lib/*' runs/PredictThroughput.java MODEL_DIR TEXTS.tsv OUT.json [rows] [raw rows]
 */
public class PredictThroughput {
    /** Short ones by turns, so that a machine that is slower for a while is so for both. */
    private static final int ROUNDS = 9;

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int rows = args.length > 3 ? Integer.parseInt(args[3]) : 100_000;
        int rawRows = args.length > 4 ? Integer.parseInt(args[4]) : 10_000;
        List<String> texts = Files.readAllLines(Path.of(args[1])).stream()
                .skip(1)
                .map(line -> line.split("\t", 2)[0])
                .toList();
        ModelBundle bundle = ModelBundle.open(directory);
        Tokenizer tokenizer = Tokenizer.load(directory, bundle.maxLength());
        OnnxModel onnx = OnnxModel.load(bundle.onnxFile());
        List<Batch> batches = batches(bundle, tokenizer, onnx, texts, rawRows); // warms up too
        List<Double> ratios = new ArrayList<>();
        List<Double> raws = new ArrayList<>();
        Pipeline pipeline = new Pipeline(tokenizer, bundle.task(), onnx);
        for (int i = 0; i < ROUNDS; i++) {
            double raw = seconds(() -> batches.forEach(onnx::forward));
            double streamed = seconds(() -> {
                try (Stream<Prediction> predictions = pipeline.predictAll(examples(texts, rawRows))) {
                    predictions.forEach(prediction -> {});
                }
            });
            raws.add(rawRows / raw);
            ratios.add(raw / streamed);
        }
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("command", "runs/PredictThroughput.java " + String.join(" ", args));
        record.put("raw_rows", rawRows).put("batches", batches.size());
        record.put("raw_onnxruntime_rows_per_second", median(raws));
        record.put("pipeline_share_of_raw", median(ratios));
        record.set("pipeline_shares_of_raw", new ObjectMapper().valueToTree(ratios));
        stream(pipeline, texts, rows, record);
        record.set("machine", new ObjectMapper().valueToTree(Provenance.Machine.detect(0)));
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(new File(args[2]), record);
        System.out.println(record);
        pipeline.close();
    }

    private static List<Batch> batches(
            ModelBundle bundle, Tokenizer tokenizer, OnnxModel onnx, List<String> texts, int rows) {
        List<Batch> batches = new ArrayList<>();
        Model recorder = new Model() {
            @Override
            public Logits forward(Batch batch) {
                batches.add(batch);
                return onnx.forward(batch);
            }

            @Override
            public void close() {}
        };
        try (Stream<Prediction> predictions =
                new Pipeline(tokenizer, bundle.task(), recorder).predictAll(examples(texts, rows))) {
            predictions.forEach(prediction -> {});
        }
        return batches;
    }

    private static void stream(Pipeline pipeline, List<String> texts, int rows, ObjectNode record) throws Exception {
        List<Long> resident = new ArrayList<>();
        boolean ordered = true;
        long start = System.nanoTime();
        try (Stream<Prediction> predictions = pipeline.predictAll(examples(texts, rows))) {
            Iterator<Prediction> iterator = predictions.iterator();
            for (int i = 0; i < rows; i++) {
                Prediction prediction = iterator.next();
                ordered &= prediction.example().textPair() == null
                        && prediction.example().text().equals(texts.get(i % texts.size()));
                if (i % (rows / 50) == 0) {
                    resident.add(residentBytes() >> 20);
                }
            }
        }
        record.put("rows", rows).put("rows_per_second", rows / ((System.nanoTime() - start) / 1e9));
        record.put("order_kept", ordered);
        record.put("resident_mb_first_half_max", max(resident.subList(2, resident.size() / 2)));
        record.put("resident_mb_second_half_max", max(resident.subList(resident.size() / 2, resident.size())));
    }

    private static Stream<Example> examples(List<String> texts, int rows) {
        return IntStream.range(0, rows).mapToObj(i -> Example.of(texts.get(i % texts.size())));
    }

    private static long residentBytes() throws Exception {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }

    private static long max(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
