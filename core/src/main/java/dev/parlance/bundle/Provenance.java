package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from: enough to make it again and to tell what it was made of. Saved as {@code provenance.json}.
 *
 * @param parlanceVersion version of this library
 * @param command the words of the command as they were typed, empty if a program called
 * @param startedAt when the run began
 * @param finishedAt when its training ended
 * @param baseModel what it was fine-tuned from
 * @param languages ISO 639-1 codes of the data's languages, empty if not known
 * @param data the files of each split
 * @param machine what it ran on
 * @param libraries versions by name, for example {@code libtorch}
 * @param seeds by what they seed, for example {@code training}, {@code split}
 */
public record Provenance(
        String parlanceVersion,
        List<String> command,
        Instant startedAt,
        Instant finishedAt,
        BaseModel baseModel,
        List<String> languages,
        List<DataFile> data,
        Machine machine,
        Map<String, String> libraries,
        Map<String, Long> seeds) {
    public Provenance {
        command = List.copyOf(command);
        languages = List.copyOf(languages);
        data = List.copyOf(data);
        libraries = new TreeMap<>(libraries);
        seeds = new TreeMap<>(seeds);
        if (finishedAt.isBefore(startedAt)) {
            throw new IllegalArgumentException(
                    "the run finished at " + finishedAt + " before it began at " + startedAt);
        }
    }

    /**
     * The pretrained model.
     *
     * @param name as the user gave it: a built-in name, a directory or {@code hf:owner/name}
     * @param hubId {@code owner/name} on the Hugging Face Hub, if known
     * @param licence SPDX identifier, if known
     * @param sha256 of its weights file in hexadecimal, if known
     */
    public record BaseModel(
            String name,
            @Nullable String hubId,
            @Nullable String licence,
            @Nullable String sha256) {}

    /**
     * A file, or the part of one that a split holds.
     *
     * @param split {@code train}, {@code validation} or {@code test}
     * @param path as the user gave it
     * @param rows examples that the split takes from the file
     * @param sha256 of the whole file as it lies on disk, in hexadecimal
     */
    public record DataFile(String split, String path, long rows, String sha256) {}

    /**
     * A computer.
     *
     * @param java version and vendor
     * @param os name, version and architecture
     * @param cpu the processor's name, or its architecture if the system does not tell
     * @param processors logical processors that the JVM may use
     * @param threads threads that the engine used
     */
    public record Machine(String java, String os, String cpu, int processors, int threads) {
        /** This computer. */
        public static Machine detect(int threads) {
            return new Machine(
                    property("java.version") + " (" + property("java.vendor") + ")",
                    property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                    cpuName(),
                    Runtime.getRuntime().availableProcessors(),
                    threads);
        }

        private static String property(String name) {
            return System.getProperty(name, "unknown");
        }

        private static String cpuName() {
            Path linux = Path.of("/proc/cpuinfo");
            if (Files.isReadable(linux)) {
                try (Stream<String> lines = Files.lines(linux)) {
                    return lines.filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElse(property("os.arch"));
                } catch (IOException e) {
                    return property("os.arch"); // the name is for readers only
                }
            }
            String windows = System.getenv("PROCESSOR_IDENTIFIER");
            return windows == null ? property("os.arch") : windows;
        }
    }

    /** As {@code provenance.json} holds it. */
    public ObjectNode toJson() {
        return Json.tree(this);
    }
}
