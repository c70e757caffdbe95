package dev.parlance.server.http;

import dev.parlance.server.api.Route.Access;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who a client is by its key. All keys are compared, each in constant time, so that the time tells nothing. */
final class Keys {
    private static final int LONGEST = 1024;
    private static final String BEARER = "Bearer ";

    private record Known(KeyOptions key, byte[] digest) {}

    private final List<Known> known;
    private final boolean closed;

    Keys(SecurityOptions security) {
        known = security.keys().stream()
                .map(key -> new Known(key, HexFormat.of().parseHex(key.sha256())))
                .toList();
        closed = security.closed();
    }

    /**
     * The key of a request that may use a route; null if it has none and needs none.
     *
     * @param authorization the header of that name, or null
     * @param apiKey the header x-api-key, or null
     * @throws HttpRefusal 401 if it needs a key that is known, 403 if that key is not enough
     */
    @Nullable
    KeyOptions admit(Access access, @Nullable String authorization, @Nullable String apiKey) {
        String shown = shown(authorization, apiKey);
        KeyOptions key = shown == null ? null : find(shown);
        if (access == Access.ADMIN) {
            if (known.stream().noneMatch(each -> each.key().admin())) {
                throw new HttpRefusal(403, "administration is closed, since the server has no key for it");
            }
            if (key == null) {
                throw unknown(shown);
            }
            if (!key.admin()) {
                throw new HttpRefusal(403, "this key is not for administration");
            }
        }
        if (access == Access.CLIENT && closed && key == null) {
            throw unknown(shown);
        }
        return key;
    }

    private static HttpRefusal unknown(@Nullable String shown) {
        return new HttpRefusal(
                401,
                shown == null
                        ? "a key is needed, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'"
                        : "the key is not known",
                Map.of("WWW-Authenticate", "Bearer"));
    }

    private static @Nullable String shown(@Nullable String authorization, @Nullable String apiKey) {
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        return apiKey == null ? null : apiKey.strip();
    }

    private @Nullable KeyOptions find(String shown) {
        if (shown.isEmpty() || shown.length() > LONGEST) {
            return null;
        }
        byte[] digest = KeyOptions.digest(shown);
        KeyOptions found = null;
        for (Known each : known) {
            if (MessageDigest.isEqual(each.digest(), digest)) {
                found = each.key();
            }
        }
        return found;
    }
}
