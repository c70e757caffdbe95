package dev.parlance.server.http;

import dev.parlance.server.api.Call;
import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of the web page, as routes. They are read once, from a folder of the class path, so no request reaches a file
 * system.
 */
final class StaticFiles {
    private static final String FOLDER = "dev/parlance/server/web/";
    private static final String INDEX = "index.html";
    private static final int WORTH_PACKING = 1024;
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    private StaticFiles() {}

    /** A route below {@code /web} for each file, and {@code /} for the page itself; none if this build has no page. */
    static List<Route> routes() {
        return routes(FOLDER);
    }

    static List<Route> routes(String folder) {
        List<Route> routes = new ArrayList<>();
        for (String name : names(folder)) {
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            if (type == null) {
                throw new IllegalStateException("the web page has a file of an unknown type: " + name);
            }
            Route.Handler handler = handler(type, read(folder + name));
            String path = name.equals(INDEX) ? "/" : "/web/" + name;
            routes.add(new Route("GET", path, Route.Access.PUBLIC, handler));
        }
        return routes;
    }

    private static Route.Handler handler(String type, byte[] content) {
        byte[] packed = packed(content);
        boolean worthIt = content.length >= WORTH_PACKING && packed.length < content.length;
        String tag = "\"" + digest(content) + "\"";
        Map<String, String> plain = headers(tag);
        Map<String, String> gzip = new HashMap<>(plain);
        gzip.put("Content-Encoding", "gzip");
        return call -> CompletableFuture.completedFuture(
                unchanged(call, tag)
                        ? new Reply(304, type, new byte[0], plain)
                        : worthIt && takesGzip(call)
                                ? new Reply(200, type, packed, gzip)
                                : new Reply(200, type, content, plain));
    }

    private static Map<String, String> headers(String tag) {
        return Map.of("ETag", tag, "Cache-Control", "no-cache", "Vary", "Accept-Encoding");
    }

    private static boolean unchanged(Call call, String tag) {
        String known = call.headers().getOrDefault("if-none-match", "");
        return Stream.of(known.split(",", -1))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals("W/" + tag));
    }

    private static boolean takesGzip(Call call) {
        return Stream.of(call.headers().getOrDefault("accept-encoding", "").split(",", -1))
                .map(String::strip)
                .anyMatch(each -> each.equals("gzip") || (each.startsWith("gzip;") && !each.matches(".*q=0(\\.0*)?")));
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return bytes.toByteArray();
    }

    private static String digest(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the web page has lost a file: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the web page cannot be read: " + name, e);
        }
    }

    /** The names of the files in the folder and below, wherever the page is: in a jar or in a directory of classes. */
    private static List<String> names(String folder) {
        URL page = StaticFiles.class.getClassLoader().getResource(folder + INDEX);
        if (page == null) {
            return List.of();
        }
        try {
            return page.openConnection() instanceof JarURLConnection jar
                    ? inJar(jar, folder)
                    : inDirectory(page.toURI());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the web page cannot be listed: " + page, e);
        }
    }

    private static List<String> inJar(JarURLConnection connection, String folder) throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
                    .map(entry -> entry.getName().substring(folder.length()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> inDirectory(URI page) throws IOException {
        Path index = Path.of(page);
        Path folder = index.resolveSibling("");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }
}
