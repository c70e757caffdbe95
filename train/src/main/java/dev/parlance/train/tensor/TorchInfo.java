package dev.parlance.train.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * What libtorch this process runs and how.
 *
 * @param version of libtorch, such as 2.10.0
 * @param bindingVersion of the Java binding
 * @param library where the native library was extracted to
 * @param cpuCapability the instruction set its own kernels use: DEFAULT, AVX2 or AVX512
 * @param bf16 whether the processor multiplies bfloat16 itself, so that bf16 training is faster
 * @param threads of one operation
 */
public record TorchInfo(
        String version, String bindingVersion, Path library, String cpuCapability, boolean bf16, int threads) {
    private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Loads libtorch if it is not loaded yet. */
    public static TorchInfo read() {
        Torch.load();
        Matcher version = VERSION.matcher(torch.show_config().getString());
        String binding = torch.class.getPackage().getImplementationVersion();
        return new TorchInfo(
                version.find() ? version.group(1) : "unknown",
                binding == null ? "unknown" : binding,
                Path.of(Loader.load(torch.class)),
                torch.get_cpu_capability().getString(),
                hasBf16(),
                torch.get_num_threads());
    }

    /** Whether the processor multiplies bfloat16 itself; known on Linux alone, elsewhere false. */
    public static boolean hasBf16() {
        if (!Files.isReadable(CPU_INFO)) {
            return false;
        }
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(TorchInfo::listsBf16)
                    .orElse(false);
        } catch (IOException e) {
            return false;
        }
    }

    static boolean listsBf16(String flags) {
        return Arrays.stream(flags.split("\\s+")).anyMatch(f -> f.equals("avx512_bf16") || f.equals("amx_bf16"));
    }
}
