import dev.parlance.bundle.ModelBundle;
import dev.parlance.data.Example;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * ONNX Runtime alone on batches of texts of like length: what a server over it can at most reach. Its threads wait busily or not: on
 * a machine that does nothing else the first is faster, on others the second. With tokenization, texts are tokenized batch by batch
 * between two runs of the model.
 */
final class RawLoop implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final OnnxModel spinning;
    private final OnnxModel sleeping;

    RawLoop(Path directory) {
        ModelBundle bundle = ModelBundle.open(directory);
        tokenizer = Tokenizer.load(directory, bundle.maxLength());
        spinning = OnnxModel.load(bundle.onnxFile(), new OnnxOptions(0, true));
        sleeping = OnnxModel.load(bundle.onnxFile(), new OnnxOptions(0, false));
    }

    /**
     * How the loop runs.
     *
     * @param batchSize texts of a batch
     * @param spin whether threads wait busily
     * @param tokenize whether the time of tokenization counts
     */
    record Way(int batchSize, boolean spin, boolean tokenize) {}

    /** Texts a second, on batches in random order, after a warm-up. */
    double textsPerSecond(List<String> texts, Way way, double warmUpSeconds, double seconds) {
        List<List<Example>> parts = parts(texts, way.batchSize());
        List<Batch> batches = parts.stream().map(this::batch).toList();
        run(parts, batches, way, warmUpSeconds);
        return run(parts, batches, way, seconds);
    }

    private double run(List<List<Example>> parts, List<Batch> batches, Way way, double seconds) {
        OnnxModel model = way.spin() ? spinning : sleeping;
        long start = System.nanoTime();
        long texts = 0;
        double passed = 0;
        for (int i = 0; passed < seconds; i = (i + 1) % batches.size()) {
            Batch batch = way.tokenize() ? batch(parts.get(i)) : batches.get(i);
            model.forward(batch);
            texts += batch.size();
            passed = (System.nanoTime() - start) / 1e9;
        }
        return texts / passed;
    }

    private Batch batch(List<Example> part) {
        return Batch.of(tokenizer.encodeAll(part), tokenizer.padTokenId());
    }

    /** All texts, sorted by length, in parts; the parts in random order, since the time is up before all have run. */
    private List<List<Example>> parts(List<String> texts, int size) {
        List<Example> examples = texts.stream().map(Example::of).toList();
        List<Encoding> encodings = tokenizer.encodeAll(examples);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> encodings.get(i).length()));
        List<List<Example>> parts = new ArrayList<>();
        for (int from = 0; from < order.size(); from += size) {
            parts.add(order.subList(from, Math.min(order.size(), from + size)).stream()
                    .map(examples::get)
                    .toList());
        }
        Collections.shuffle(parts, new Random(7));
        return parts;
    }

    @Override
    public void close() {
        tokenizer.close();
        spinning.close();
        sleeping.close();
    }
}
