import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.RunConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import dev.parlance.train.tensor.Torch;
import java.io.File;
import java.util.List;

/**
 * Trains for thousands of steps and follows native objects and resident memory.
 *
 * <p>usage: java -Xmx1g -cp 'cli/target/lib/*' runs/TrainingLeaks.java TRAIN.tsv OUT.json [steps] [batch size]
 */
public class TrainingLeaks {
    public static void main(String[] args) throws Exception {
        int steps = args.length > 2 ? Integer.parseInt(args[2]) : 3000;
        int batchSize = args.length > 3 ? Integer.parseInt(args[3]) : 4;
        File output = File.createTempFile("parlance-leaks", "");
        output.delete();
        RunConfig config = RunConfig.defaults()
                .with("data.train", args[0])
                .with("data.label_column", "label")
                .with("data.validation_fraction", 0.01)
                .with("data.test_fraction", 0)
                .with("model.model_name_or_path", "minilm")
                .with("training.per_device_train_batch_size", batchSize)
                .with("training.num_train_epochs", 100)
                .with("training.save_strategy", "no")
                .with("tracking.report_to", "none")
                .with("output_dir", output.getPath());
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("command", "runs/TrainingLeaks.java " + String.join(" ", args));
        long[] done = new long[1];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(Step step) {
                done[0] = step.step();
                if (step.step() % (steps / 10) == 0) {
                    record.putObject("step " + step.step())
                            .put("native_objects", Torch.nativeObjects())
                            .put("resident_mb", Torch.residentBytes() >> 20);
                }
            }
        };
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        FineTuning.run(config, store, List.of(), listener, () -> done[0] >= steps);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
        System.out.println(record);
        System.exit(0);
    }
}
