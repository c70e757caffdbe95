package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java process of its own; both its streams in one. */
final class Forked implements AutoCloseable {
    /** Longer than any test should take: then the process is killed, so that what waits for its lines fails. */
    private static final long SECONDS = 240;

    private final Process process;
    /** Lines that were printed and not yet looked at; empty after the last one. */
    private final BlockingQueue<Optional<String>> printed = new LinkedBlockingQueue<>();

    private final List<String> lines = new ArrayList<>();

    private Forked(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "forked-output"); // a process whose pipe is full stands still
        reader.setDaemon(true);
        reader.start();
        CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(this::killAll);
    }

    /** Starts the main class {@code words[0]} in a directory. */
    static Forked java(Path directory, List<String> flags, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"));
        command.addAll(List.of("-Dsun.stdout.encoding=UTF-8", "-Dstdout.encoding=UTF-8"));
        if (Runtime.version().feature() >= 22) { // as the launcher does
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path") + File.pathSeparator + directory));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        return new Forked(builder.start());
    }

    /** Starts the parlance command. */
    static Forked parlance(Path directory, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("dev.parlance.cli.Main"));
        words.addAll(arguments);
        return java(directory, List.of(), words.toArray(String[]::new));
    }

    /** Waits for the first line that contains the text. */
    void await(String text) throws InterruptedException {
        await(Pattern.compile("(" + Pattern.quote(text) + ")"));
    }

    /** Waits for the first line in which the pattern is found, and returns its first group. */
    String await(Pattern pattern) throws InterruptedException {
        for (Optional<String> line = printed.take(); line.isPresent(); line = printed.take()) {
            lines.add(line.get());
            Matcher matcher = pattern.matcher(line.get());
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("no line with '" + pattern + "' in\n" + String.join("\n", lines));
    }

    /** Takes what is printed as it comes: a process whose pipe is full stands still. */
    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                printed.add(Optional.of(line));
            }
        } catch (IOException e) {
            printed.add(Optional.of("its output ends with " + e));
        } finally {
            printed.add(Optional.empty());
        }
    }

    /** Sends {@code INT} or {@code TERM}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it as the system does when memory runs out: at once, whatever it does (SIGKILL). */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Everything printed, once the process has ended with this exit code. */
    List<String> finish(int exitCode) throws IOException, InterruptedException {
        for (Optional<String> line = printed.take(); line.isPresent(); line = printed.take()) {
            lines.add(line.get());
        }
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(exitCode);
        return lines;
    }

    private void killAll() {
        children().forEach(ProcessHandle::destroyForcibly); // they hold the pipe as well
        process.destroyForcibly();
    }

    /** The processes that it has started and that are alive. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
