package dev.parlance.server.web;

import dev.parlance.server.api.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The files of the page as they are on the class path, and where the server has them. */
final class PageFiles {
    /** What the page may do by the server's headers; its own, in index.html, are stricter still. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private PageFiles() {}

    static Optional<Reply> at(String path) throws IOException {
        String name = path.equals("/") ? "index.html" : path.startsWith("/web/") ? path.substring(5) : "";
        try (InputStream in = PageFiles.class.getResourceAsStream("/dev/parlance/server/web/" + name)) {
            if (name.isEmpty() || in == null) {
                return Optional.empty();
            }
            String type = type(name.substring(name.lastIndexOf('.') + 1));
            return Optional.of(new Reply(200, type, in.readAllBytes(), Map.of("Content-Security-Policy", POLICY)));
        }
    }

    static String text(String path) throws IOException {
        Reply file = at(path).orElseThrow(() -> new IOException("the page has no " + path));
        return new String(file.body(), StandardCharsets.UTF_8);
    }

    private static String type(String extension) {
        return switch (extension) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "application/json";
        };
    }
}
