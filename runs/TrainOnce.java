import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingResult;

/**
 * Trains once and prints one JSON object with the seconds of the training steps, as hf_finetune.py does for its peer.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/TrainOnce.java SETTING=VALUE ...
 */
public class TrainOnce {
    public static void main(String[] args) {
        RunConfig config = RunConfig.defaults();
        for (String assignment : args) {
            config = ConfigFiles.withAssignment(config, assignment);
        }
        TrainingResult result = FineTuning.run(config);
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("peer", "parlance")
                .put("train_seconds", result.trainSeconds())
                .put("real_tokens_per_second", result.tokensPerSecond())
                .put("gflops", result.gigaFlopsPerSecond())
                .put("accuracy", result.test().metric("accuracy"))
                .put("macro_f1", result.test().metric("macro_f1"))
                .put("args", String.join(" ", args));
        System.out.println(record);
    }
}
