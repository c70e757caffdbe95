import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many texts a second a linear model labels through Pipeline.predictAll, the texts of a file over and over: median of
 * seven rounds of at least 100,000 texts after three of warm-up.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/LinearThroughput.java MODEL_DIR FILE OUT.json
 */
public class LinearThroughput {
    public static void main(String[] args) throws Exception {
        Dataset data = Dataset.read(
                RunConfig.defaults().with("data.label_column", "label").data(), Path.of(args[1]));
        List<Example> texts = new ArrayList<>();
        while (texts.size() < 100_000) {
            texts.addAll(data.examples());
        }
        double[] rates = new double[7];
        try (Pipeline pipeline = Pipeline.load(Path.of(args[0]))) {
            for (int round = -3; round < rates.length; round++) {
                long start = System.nanoTime();
                long count;
                try (Stream<Prediction> predictions = pipeline.predictAll(texts.stream())) {
                    count = predictions.filter(prediction -> prediction.annotation() != null).count();
                }
                double rate = count / ((System.nanoTime() - start) / 1e9);
                if (round >= 0) {
                    rates[round] = rate;
                }
            }
        }
        Arrays.sort(rates);
        ObjectNode record = Json.object();
        record.put("texts", texts.size());
        record.put("mean_chars", texts.stream().mapToInt(t -> t.text().length()).average().orElse(0));
        record.put("labels", data.labels().size());
        record.put("texts_per_second_median", rates[rates.length / 2]);
        record.put("texts_per_second_lowest", rates[0]);
        record.put("texts_per_second_highest", rates[rates.length - 1]);
        record.set("machine", Json.tree(Provenance.Machine.detect(Runtime.getRuntime().availableProcessors())));
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(new File(args[2]), record);
    }
}
