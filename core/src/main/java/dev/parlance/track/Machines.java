package dev.parlance.track;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Which machine this is, and which of its processes live. */
public final class Machines {
    /** A process is taken for another one with the same number if it began later than this after the run. */
    private static final long CLOCK_SLACK_SECONDS = 5;

    private Machines() {}

    /** The name of this machine; {@code unknown} if it has none. */
    public static String hostName() {
        Path linux = Path.of("/proc/sys/kernel/hostname");
        if (Files.isReadable(linux)) {
            try {
                return Files.readString(linux).strip();
            } catch (IOException e) {
                return "unknown"; // the kernel's own file: there is no better source
            }
        }
        String windows = System.getenv("COMPUTERNAME");
        if (windows != null) {
            return windows;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // a machine without a name
        }
    }

    /** Whether the process of this machine that had the number at that time is still there. */
    static boolean isAlive(long pid, Instant startedAt) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isPresent()
                && process.get()
                        .info()
                        .startInstant()
                        .map(began -> began.isBefore(startedAt.plusSeconds(CLOCK_SLACK_SECONDS)))
                        .orElse(true);
    }
}
