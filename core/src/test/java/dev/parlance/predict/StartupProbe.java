package dev.parlance.predict;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Run in a JVM of its own: refuses each connection and prints how many were tried while a model answers, or, with
 * {@code library}, while the tokenizer library's own front class opens the same file.
 */
final class StartupProbe {
    private StartupProbe() {}

    @SuppressWarnings("deprecation") // the only hook below all of the JDK's blocking sockets
    public static void main(String[] args) throws IOException {
        AtomicInteger connections = new AtomicInteger();
        Socket.setSocketImplFactory(() -> {
            connections.incrementAndGet();
            throw new IllegalStateException("no connection is allowed");
        });
        Properties before = (Properties) System.getProperties().clone();
        if (args[0].equals("library")) {
            openWithLibrary();
        } else {
            try (Pipeline pipeline = Fixtures.pipeline()) {
                pipeline.predict("where is my order");
            }
            Properties after = (Properties) System.getProperties().clone();
            before.keySet().forEach(after::remove);
            // what JNA and the JDK note down for themselves
            after.keySet().removeIf(name -> name.toString().matches("jna\\..*|jnidispatch\\.path|user\\.timezone"));
            System.out.println("properties left: " + after.keySet());
        }
        System.out.println("connections: " + connections);
    }

    private static void openWithLibrary() throws IOException {
        Path file = Fixtures.tokenizerDirectory().resolve("tokenizer.json");
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(file)) {
            tokenizer.encode("where is my order");
        } catch (IllegalStateException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
