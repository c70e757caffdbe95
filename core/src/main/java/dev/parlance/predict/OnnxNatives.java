package dev.parlance.predict;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks ONNX Runtime's native libraries once and for all. Left alone, its loader unpacks them to the temporary directory
 * at each start, which costs more than a prediction.
 */
final class OnnxNatives {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxNatives.class);
    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    private final Class<?> anchor;
    private final Path directory;

    /**
     * @param anchor a class of the jar that holds the libraries
     * @param cache directory under which a directory for this version is made
     */
    OnnxNatives(Class<?> anchor, Path cache) {
        this.anchor = anchor;
        String version = anchor.getPackage().getImplementationVersion();
        this.directory = cache.resolve("onnxruntime-" + (version == null ? "unversioned" : version) + "-" + platform());
    }

    /** The directory that holds the libraries; empty, with a warning, if they cannot be put there. */
    Optional<Path> unpack() {
        try {
            if (!isComplete()) {
                unpackAtomically();
            }
            return Optional.of(directory);
        } catch (IOException e) {
            LOG.warn(
                    "ONNX Runtime is unpacked to the temporary directory at each start, since {} cannot be used: {};"
                            + " set PARLANCE_HOME to a writable directory",
                    directory,
                    e.toString());
            return Optional.empty();
        }
    }

    /** Compares sizes with the jar's, so that a file that was damaged or is of another build is replaced. */
    private boolean isComplete() throws IOException {
        for (String library : LIBRARIES) {
            Path file = directory.resolve(fileName(library));
            URLConnection resource = resource(library).openConnection();
            resource.setUseCaches(false);
            try (InputStream in = resource.getInputStream()) {
                long size = resource.getContentLengthLong();
                if (!Files.isRegularFile(file) || Files.size(file) != (size < 0 ? in.readAllBytes().length : size)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Each file appears whole or not at all; processes that start at once write the same bytes. */
    private void unpackAtomically() throws IOException {
        Files.createDirectories(directory);
        for (String library : LIBRARIES) {
            Path target = directory.resolve(fileName(library));
            Path part = Files.createTempFile(directory, "unpacking", ".part");
            try {
                try (InputStream in = resource(library).openStream()) {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                }
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    private URL resource(String library) throws IOException {
        String name = "/ai/onnxruntime/native/" + platform() + "/" + fileName(library);
        URL url = anchor.getResource(name);
        if (url == null) {
            throw new IOException("the jar has no " + name);
        }
        return url;
    }

    private static String fileName(String library) {
        return System.mapLibraryName(library).replace("jnilib", "dylib");
    }

    /** The name that ONNX Runtime gives to the platform, for example {@code linux-x64}. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = os.contains("win") && !os.contains("darwin") ? "win" : os.contains("mac") ? "osx" : "linux";
        return family + (System.getProperty("os.arch").equals("aarch64") ? "-aarch64" : "-x64");
    }
}
