package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends requests to the Hub, follows its redirects, and says what its refusals mean. */
final class HubClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubOptions options;
    private final HttpClient http;

    HubClient(HubOptions options) {
        this.options = options;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(options.proxies())
                .followRedirects(HttpClient.Redirect.NEVER) // would send the token along
                .build();
    }

    HubOptions options() {
        return options;
    }

    /** The body of a small answer; tries again after failures of the network or the server. */
    byte[] get(URI uri, String what, long maxBytes) {
        for (int failures = 1; ; failures++) {
            try (HubResponse response = open(uri, what, 0)) {
                return readAll(response, what, maxBytes);
            } catch (IOException e) {
                if (failures >= options.maxAttempts()) {
                    throw unreachable(what, e);
                }
                pause(failures, what);
            }
        }
    }

    /** The error to throw when all attempts failed. */
    UserError unreachable(String what, IOException last) {
        return new UserError(
                what + " could not be downloaded from " + options.endpoint() + ": " + Messages.oneLine(last)
                        + "; check the network and run the same command again, it goes on from what has arrived",
                last);
    }

    /** Waits after a failed attempt; twice as long after each. */
    void pause(int failures, String what) {
        try {
            Thread.sleep(options.backoff().toMillis() << Math.min(failures - 1, 5));
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    /** The next bytes of a body; null at the end. */
    @Nullable
    List<ByteBuffer> next(BodyChunks body, String what) throws IOException {
        try {
            return body.next(options.stallTimeout());
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static UserError interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UserError("the download of " + what + " was interrupted", e);
    }

    /**
     * Opens a file for reading from byte {@code from} on.
     *
     * @return an answer with status 200, 206 or 416
     * @throws IOException if the network or the server fails in a way that may pass
     * @throws UserError if the Hub refuses
     */
    HubResponse open(URI uri, String what, long from) throws IOException {
        URI at = uri;
        String etag = null;
        long linkedSize = -1;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<BodyChunks> response = send(request(at, from), what);
            HttpHeaders headers = response.headers();
            if (isEndpoint(at)) {
                // Only the Hub's own word counts: an ETag elsewhere is no checksum.
                etag = HubResponse.checksum(headers, "x-linked-etag")
                        .or(() -> HubResponse.checksum(headers, "etag"))
                        .orElse(etag);
                linkedSize = HubResponse.number(headers, "x-linked-size").orElse(linkedSize);
            }
            if (!REDIRECTS.contains(response.statusCode())) {
                HubResponse answer = new HubResponse(response.statusCode(), headers, response.body(), etag, linkedSize);
                refuseFailures(answer, what);
                return answer;
            }
            response.body().close();
            at = redirected(at, headers.firstValue("location").orElse(""));
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects from " + uri);
    }

    private HttpResponse<BodyChunks> send(HttpRequest request, String what) throws IOException {
        try {
            return http.send(request, info -> new BodyChunks());
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private HttpRequest request(URI uri, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(options.stallTimeout())
                .header("User-Agent", "parlance")
                .GET();
        String token = options.token();
        if (token != null && isEndpoint(uri)) {
            request.header("Authorization", "Bearer " + token);
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        return request.build();
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = options.endpoint();
        return Objects.equals(uri.getScheme(), endpoint.getScheme())
                && String.valueOf(uri.getHost()).equalsIgnoreCase(endpoint.getHost())
                && uri.getPort() == endpoint.getPort();
    }

    private static URI redirected(URI from, String location) throws IOException {
        try {
            URI to = from.resolve(new URI(location));
            boolean isSafe = "https".equals(to.getScheme())
                    || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
            if (location.isEmpty() || to.getHost() == null || !isSafe) {
                throw new IOException(from + " redirects to '" + location + "', which is not followed");
            }
            return to;
        } catch (URISyntaxException e) {
            throw new IOException(from + " redirects to '" + location + "', which is no address", e);
        }
    }

    private void refuseFailures(HubResponse response, String what) throws IOException {
        int status = response.status();
        if (status == 200 || status == 206 || status == 416) {
            return;
        }
        response.close();
        if (status == 429 || status >= 500) {
            throw new IOException(
                    status == 429
                            ? "the Hub answers 429, too many requests: wait some minutes, or set HF_TOKEN"
                            : "the Hub answers " + status);
        }
        throw new UserError(
                refusal(status, response.headers().firstValue("x-error-code").orElse(""), what));
    }

    private String refusal(int status, String code, String what) {
        if (status == 403 || code.equals("GatedRepo")) {
            return what + " is gated or closed to you (" + status + "): accept its terms on " + options.endpoint()
                    + " and set HF_TOKEN to a token that may read it";
        }
        if (status == 401) {
            return what
                    + " is not public, or there is no such model (401): check the spelling, or set HF_TOKEN to a token"
                    + " that may read it" + (options.token() == null ? "" : "; the one set now was refused");
        }
        if (status == 404) {
            return "there is no " + what + " on " + options.endpoint() + " (404): check the spelling of owner, name and"
                    + " revision";
        }
        return what + " could not be downloaded: " + options.endpoint() + " answers " + status;
    }

    private byte[] readAll(HubResponse response, String what, long maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<ByteBuffer> chunk = next(response.body(), what);
        while (chunk != null) {
            for (ByteBuffer buffer : chunk) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
            if (bytes.size() > maxBytes) {
                throw new UserError("the Hub's answer about " + what + " has more than " + Messages.size(maxBytes));
            }
            chunk = next(response.body(), what);
        }
        return bytes.toByteArray();
    }
}
