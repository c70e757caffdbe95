package dev.parlance.train.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A trial that runs in a Java process of its own, with the class path and the flags of this one. */
final class TrialProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOG_LINES = 3;

    private final Path place;
    private final Process process;
    private final StringBuilder unread = new StringBuilder();
    private long position;

    private TrialProcess(Path place, Process process) {
        this.place = place;
        this.process = process;
    }

    /** Starts it on a run file, beside which it writes. */
    static TrialProcess start(Path runFile) {
        Path place = runFile.toAbsolutePath().getParent();
        if (place == null) {
            throw new IllegalStateException(runFile + " has no directory");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), TrialMain.class.getName()));
        command.addAll(
                List.of(runFile.toString(), place.resolve("progress.jsonl").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("log.txt").toFile());
        try {
            return new TrialProcess(place, builder.start());
        } catch (IOException e) {
            throw new UserError("the process of a trial cannot be started: " + e, e);
        }
    }

    /** The flags of this process without agents and the like; signals end a trial at once, without tearing down threads. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of("-Xrs"));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean debugger =
                    flag.startsWith("-javaagent") || flag.startsWith("-agent") || flag.startsWith("-Xrunjdwp");
            if (!debugger && !flag.startsWith("-verbose")) {
                flags.add(flag);
            }
        }
        String natives = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (natives != null) {
            flags.add("-Dorg.bytedeco.javacpp.cachedir=" + natives);
        }
        return flags;
    }

    /** What it has written since the last call, in whole lines. */
    List<TrialMessage> read() {
        Path file = place.resolve("progress.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(position);
            byte[] bytes = new byte[(int) Math.min(1 << 20, in.length() - position)];
            in.readFully(bytes);
            position += bytes.length;
            unread.append(new String(bytes, StandardCharsets.ISO_8859_1)); // bytes, until a line is whole
            List<TrialMessage> messages = new ArrayList<>();
            for (int end = unread.indexOf("\n"); end >= 0; end = unread.indexOf("\n")) {
                byte[] line = unread.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
                unread.delete(0, end + 1);
                messages.add(Json.value((ObjectNode) JSON.readTree(line), TrialMessage.class));
            }
            return messages;
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Why a process ended that did not say so itself. */
    String unexplained() {
        return "the process ended with code " + process.exitValue() + lastWords();
    }

    private String lastWords() {
        try {
            List<String> lines = new String(Files.readAllBytes(place.resolve("log.txt")), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty()
                    ? ""
                    : ": " + String.join(" / ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** Kills it if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
