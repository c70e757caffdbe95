package dev.parlance.train.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the processor can do, as Linux tells it. */
final class ProcessorFlags {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private ProcessorFlags() {}

    /** Whether the processor has one of these flags; false where the system does not tell. */
    static boolean any(String... flags) {
        if (!Files.isReadable(CPUINFO)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(CPUINFO)) {
            List<String> wanted = Arrays.asList(flags);
            return lines.filter(line -> line.startsWith("flags"))
                    .limit(1)
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .anyMatch(wanted::contains);
        } catch (IOException e) {
            return false; // the kernel hides it, and so no claim is made
        }
    }
}
