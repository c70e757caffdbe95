import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.train.tensor.GemmProbe;
import dev.parlance.train.tensor.Torch;

/**
 * Prints one JSON object with the speed of matrix products on all threads, measured over some seconds: its mean, its least and
 * its most. On a machine that others use too it says how far two timings can be compared.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/MachineSpeed.java
 */
public class MachineSpeed {
    private static final int PROBES = 20;

    public static void main(String[] args) {
        Torch.initialize(Runtime.getRuntime().availableProcessors(), false);
        double sum = 0;
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < PROBES; i++) {
            double gflops = GemmProbe.gflops(false, 0);
            sum += gflops;
            least = Math.min(least, gflops);
            most = Math.max(most, gflops);
        }
        ObjectNode record = new ObjectMapper().createObjectNode();
        record.put("machine", "gemm").put("gflops_mean", sum / PROBES).put("gflops_min", least).put("gflops_max", most);
        System.out.println(record);
    }
}
