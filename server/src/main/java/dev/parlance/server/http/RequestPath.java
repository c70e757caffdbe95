package dev.parlance.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The path of a request, decoded once. What could mean another path to a proxy or a file system is refused: dots, encoded
 * slashes, backslashes, control characters.
 *
 * @param text the decoded path, which begins with a slash
 * @param segments its parts; an empty one stands for two slashes in a row or one at the end
 */
record RequestPath(String text, List<String> segments) {
    private static final int MOST_PARAMETERS = 64;

    /**
     * Reads a path.
     *
     * @throws HttpRefusal with status 400
     */
    static RequestPath of(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            throw new HttpRefusal(400, "the request has no path that begins with /");
        }
        List<String> segments = new ArrayList<>();
        for (String part : raw.substring(1).split("/", -1)) {
            segments.add(segment(part));
        }
        return new RequestPath("/" + String.join("/", segments), List.copyOf(segments));
    }

    /**
     * The values of a query by their names, of one that is there twice the first.
     *
     * @throws HttpRefusal with status 400
     */
    static Map<String, String> query(String raw) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : raw.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = decode((equals < 0 ? part : part.substring(0, equals)).replace('+', ' '), "query");
                String value =
                        equals < 0 ? "" : decode(part.substring(equals + 1).replace('+', ' '), "query");
                values.putIfAbsent(name, value);
            }
            if (values.size() > MOST_PARAMETERS) {
                throw new HttpRefusal(400, "the query has more than " + MOST_PARAMETERS + " parameters");
            }
        }
        return values;
    }

    private static String segment(String raw) {
        String decoded = decode(raw, "path");
        if (decoded.equals(".") || decoded.equals("..")) {
            throw new HttpRefusal(400, "the path has a segment of dots");
        }
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                throw new HttpRefusal(400, "the path has a slash, a backslash or a control character that is encoded");
            }
        }
        return decoded;
    }

    private static String decode(String raw, String what) {
        boolean encoded = false;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw new HttpRefusal(400, "the " + what + " has a character that must be encoded");
            }
            encoded |= c == '%';
        }
        return encoded ? percentDecoded(raw, what) : raw;
    }

    private static String percentDecoded(String raw, String what) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i += raw.charAt(i) == '%' ? 3 : 1) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low < 0) {
                throw new HttpRefusal(400, "the " + what + " has a % without two hexadecimal digits");
            }
            bytes.put((byte) ((high << 4) | low));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new HttpRefusal(400, "the " + what + " is not UTF-8");
        }
    }
}
