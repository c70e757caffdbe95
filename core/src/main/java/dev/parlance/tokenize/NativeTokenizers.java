package dev.parlance.tokenize;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.parlance.config.CacheDirectory;
import dev.parlance.config.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native tokenizers once. The library's front class would report each start to its makers; its native layer,
 * which is all that is used here, does not. The loader is told by system properties, which are put back afterwards, to
 * stay offline, whereby it takes the processor's build from the jar even on a GPU host, and where to unpack it.
 */
final class NativeTokenizers {
    private static final Logger LOG = LoggerFactory.getLogger(NativeTokenizers.class);

    private NativeTokenizers() {}

    /**
     * The native layer, ready for use.
     *
     * @throws UserError if it cannot be loaded on this machine, at each call anew
     */
    static TokenizersLibrary library() {
        if (Loaded.FAILURE.isEmpty()) {
            return TokenizersLibrary.LIB;
        }
        throw new UserError("the native tokenizers cannot be loaded on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + " from "
                + CacheDirectory.path().resolve("natives") + ": "
                + Loaded.FAILURE + "; set PARLANCE_HOME to a directory that is writable and not noexec");
    }

    /** The first use loads the library; a failure is kept, since a class whose initializer throws is lost. */
    private static final class Loaded {
        static final String FAILURE = load();
    }

    private static String load() {
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
            return "";
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.debug("the native tokenizers cannot be loaded", e);
            return rootCause(e);
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
        return cause.toString();
    }
}
