package dev.parlance.tokenize;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.parlance.config.CacheDirectory;
import dev.parlance.config.UserError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loads the native tokenizers once. The library's front class would report each start to its makers; its native layer,
 * which is all that is used here, does not. The loader is told by system properties, which are put back afterwards, to
 * stay offline, whereby it takes the processor's build from the jar even on a GPU host, and where to unpack it.
 */
final class NativeTokenizers {
    private NativeTokenizers() {}

    /** The native layer, ready for use. */
    static TokenizersLibrary library() {
        return Holder.LIBRARY;
    }

    private static final class Holder {
        static final TokenizersLibrary LIBRARY = load();
    }

    private static TokenizersLibrary load() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ai.djl.offline", "true");
        if (unset("ENGINE_CACHE_DIR") && unset("DJL_CACHE_DIR")) {
            settings.put(
                    "ENGINE_CACHE_DIR", CacheDirectory.path().resolve("natives").toString());
        }
        Map<String, String> before = new LinkedHashMap<>();
        settings.keySet().forEach(name -> before.put(name, System.getProperty(name, "")));
        settings.forEach(System::setProperty);
        try {
            LibUtils.checkStatus();
            return TokenizersLibrary.LIB;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            throw new UserError(
                    "the native tokenizers cannot be loaded on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " from "
                            + CacheDirectory.path().resolve("natives")
                            + ": " + rootCause(e)
                            + "; set PARLANCE_HOME to a directory that is writable and not noexec",
                    e);
        } finally {
            before.forEach(NativeTokenizers::restore);
        }
    }

    private static boolean unset(String name) {
        return System.getenv(name) == null && System.getProperty(name) == null;
    }

    private static void restore(String name, String value) {
        if (value.isEmpty()) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    private static String rootCause(Throwable error) {
        Throwable cause = error;
        for (Throwable next = error.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return String.valueOf(cause.getMessage());
    }
}
