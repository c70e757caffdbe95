package dev.parlance.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The path of a route: words, parameters in braces, and at most one such as {@code {model+}} that may hold slashes. */
final class PathPattern {
    private final List<String> parts;
    private final int greedy;
    private final int words;

    private PathPattern(List<String> parts, int greedy, int words) {
        this.parts = parts;
        this.greedy = greedy;
        this.words = words;
    }

    static PathPattern of(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a route's path begins with /, found " + path);
        }
        List<String> parts = List.of(path.substring(1).split("/", -1));
        int greedy = -1;
        int words = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).endsWith("+}")) {
                if (greedy >= 0) {
                    throw new IllegalArgumentException("a route's path has one {name+} at most, found " + path);
                }
                greedy = i;
            }
            words += parts.get(i).startsWith("{") ? 0 : 1;
        }
        return new PathPattern(parts, greedy, words);
    }

    /** Whether it has no parameters. */
    boolean isLiteral() {
        return words == parts.size();
    }

    /** The values of the parameters if the path fits, else null. */
    @Nullable
    Map<String, String> match(List<String> segments) {
        int extra = segments.size() - parts.size();
        if (greedy < 0 ? extra != 0 : extra < 0) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            int length = i == greedy ? 1 + extra : 1;
            if (!fits(parts.get(i), segments.subList(at, at + length), values)) {
                return null;
            }
            at += length;
        }
        return values;
    }

    private static boolean fits(String part, List<String> segments, Map<String, String> values) {
        if (!part.startsWith("{")) {
            return segments.get(0).equals(part);
        }
        if (segments.contains("")) {
            return false;
        }
        String name = part.substring(1, part.length() - (part.endsWith("+}") ? 2 : 1));
        values.put(name, String.join("/", segments));
        return true;
    }
}
