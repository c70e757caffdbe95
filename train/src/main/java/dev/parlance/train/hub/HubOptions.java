package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to the Hub.
 *
 * @param endpoint base address without a slash at the end
 * @param token sent to the endpoint only, never to where it redirects
 * @param offline use the cache only
 * @param maxAttempts how often a request is tried while no byte arrives
 * @param backoff the pause after the first failure; it doubles each time
 * @param stallTimeout how long a connection may bring nothing
 * @param maxSmallFileBytes bound on every file but the weights
 * @param proxies which proxy an address is reached through
 */
record HubOptions(
        URI endpoint,
        @Nullable String token,
        boolean offline,
        int maxAttempts,
        Duration backoff,
        Duration stallTimeout,
        long maxSmallFileBytes,
        ProxySelector proxies) {
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    /** Reads HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, PARLANCE_OFFLINE and the proxy variables; the rest are defaults. */
    static HubOptions from(Map<String, String> environment) {
        String token = environment.getOrDefault("HF_TOKEN", "").strip();
        return new HubOptions(
                endpoint(environment.getOrDefault("HF_ENDPOINT", "").strip()),
                token.isEmpty() ? null : token,
                isSet(environment, "HF_HUB_OFFLINE") || isSet(environment, "PARLANCE_OFFLINE"),
                5,
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                256L << 20,
                new EnvironmentProxies(environment));
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return TRUE.contains(environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT));
    }

    private static URI endpoint(String text) {
        String address = text.isEmpty() ? "https://huggingface.co" : text.replaceAll("/+$", "");
        try {
            URI uri = URI.create(address);
            if (uri.getHost() != null && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "HF_ENDPOINT '" + text + "' is no address: expected one like https://huggingface.co", e);
        }
        throw new UserError("HF_ENDPOINT '" + text + "' is no address: expected one like https://huggingface.co");
    }
}
