import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.RunConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import dev.parlance.train.loop.TrainingResult;
import dev.parlance.train.tensor.GemmProbe;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.tensor.TorchInfo;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Model FLOPs a second of the training step as a share of what this machine's matrix products reach in the same run. Model
 * FLOPs: 6 x parameters of matrix products x real tokens + 12 x layers x hidden x length^2 a text; padding counts as nothing.
 * The peak is measured before and after, as the better of one product on all threads and one product on each thread.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/TrainingThroughput.java TRAIN.tsv OUT.json [steps] [model]
 */
public class TrainingThroughput {
    public static void main(String[] args) throws Exception {
        int steps = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        String model = args.length > 3 ? args[3] : "minilm";
        int threads = Runtime.getRuntime().availableProcessors();
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = json.createObjectNode();
        record.put("model", model).put("batch_size", 32).put("threads", threads);
        record.put("command", "runs/TrainingThroughput.java " + String.join(" ", args));
        List<Double> peaks = new ArrayList<>(List.of(peak(threads, false)));
        run(args[0], model, steps, "fp32", record.putObject("fp32"));
        peaks.add(peak(threads, false));
        double peak = peaks.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        record.put("gemm_peak_fp32_gflops", peak);
        record.put("share_of_peak_fp32", record.get("fp32").get("gflops").asDouble() / peak);
        if (TorchInfo.hasBf16()) {
            run(args[0], model, steps, "bf16", record.putObject("bf16"));
            record.put("gemm_peak_bf16_gflops", peak(threads, true));
        } else {
            record.put("bf16", "not measured: this processor does not multiply bfloat16");
        }
        record.set("machine", json.valueToTree(Provenance.Machine.detect(threads)));
        record.put("libtorch", TorchInfo.read().version());
        json.writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
        System.out.println(record);
        System.exit(0);
    }

    private static void run(String train, String model, int steps, String precision, ObjectNode result) throws Exception {
        File output = File.createTempFile("parlance-throughput", "");
        output.delete();
        RunConfig config = RunConfig.defaults()
                .with("data.train", train)
                .with("data.validation_fraction", 0.01)
                .with("data.test_fraction", 0)
                .with("model.model_name_or_path", model)
                .with("training.precision", precision)
                .with("training.save_strategy", "no")
                .with("tracking.report_to", "none")
                .with("output_dir", output.getPath());
        long[] done = new long[1];
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        TrainingResult trained = FineTuning.run(
                config,
                store,
                List.of(),
                new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                        done[0] = step.step();
                    }
                },
                () -> done[0] >= steps);
        result.put("steps", trained.steps())
                .put("seconds", trained.trainSeconds())
                .put("tokens_per_second", trained.tokensPerSecond())
                .put("gflops", trained.gigaFlopsPerSecond());
    }

    private static double peak(int threads, boolean bf16) throws Exception {
        Torch.initialize(threads, false);
        double together = GemmProbe.gflops(bf16, 1500);
        Torch.initialize(1, false);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Double>> each = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            each.add(pool.submit(() -> GemmProbe.gflops(bf16, 1500)));
        }
        double sum = 0;
        for (Future<Double> future : each) {
            sum += future.get();
        }
        pool.shutdown();
        return Math.max(together, sum);
    }
}
