import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Texts of a data set, and the requests that carry them. */
final class Texts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Texts() {}

    /**
     * A sample of the first column of a TSV file with a header, in random order.
     *
     * @param count how many; all, if there are fewer
     * @param longest texts with more chars are left out
     */
    static List<String> sample(Path file, int count, int longest, long seed) throws IOException {
        List<String> texts = new ArrayList<>(Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.split("\t", 2)[0])
                .filter(text -> !text.isBlank() && text.length() <= longest)
                .distinct()
                .toList());
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(file + " has no text of at most " + longest + " chars");
        }
        Collections.shuffle(texts, new Random(seed));
        return List.copyOf(texts.subList(0, Math.min(count, texts.size())));
    }

    /** {@code {"inputs": text}}, which Parlance, text-embeddings-inference, DJL Serving and {@code hf_fastapi.py} all take. */
    static String body(String text) {
        try {
            return "{\"inputs\":" + JSON.writeValueAsString(text) + "}";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A whole request, for one connection after the other. */
    static byte[] post(URI url, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(bytes, 0, request, head.length, bytes.length);
        return request;
    }

    static byte[] get(URI url) {
        return ("GET " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static List<byte[]> requests(URI url, List<String> texts) {
        return texts.stream().map(text -> post(url, body(text))).toList();
    }
}
