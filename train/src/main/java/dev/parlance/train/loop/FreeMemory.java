package dev.parlance.train.loop;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much more memory this process may take: of the machine, and of its control group where there is one. */
final class FreeMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    private FreeMemory() {}

    /** Bytes that are free, or hold only what the system can drop. */
    static long bytes() {
        long machine = machineBytes();
        long limit = number(GROUP.resolve("memory.max"));
        long used = number(GROUP.resolve("memory.current"));
        return limit < 0 || used < 0 ? machine : Math.min(machine, Math.max(0, limit - used));
    }

    private static long machineBytes() {
        try {
            if (Files.isReadable(MEMINFO)) {
                for (String line : Files.readAllLines(MEMINFO)) {
                    if (line.startsWith("MemAvailable:")) {
                        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            // a system that hides it; the virtual machine knows roughly
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** The number in a file; -1 if there is none, as where nothing is limited. */
    private static long number(Path file) {
        try {
            String text = Files.isReadable(file) ? Files.readString(file).strip() : "";
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
