package dev.parlance.server.http;

import dev.parlance.config.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what.
 *
 * @param keys the keys that clients may show; without any that is not for administration, all clients may ask
 * @param rateLimit requests a second of each key, or of each address if there are no keys; 0 is no limit
 * @param rateBurst requests at once; 0 is a second's worth
 * @param corsAllowOrigin web origins whose pages may call this server, or {@code *}
 * @param tlsCert PEM file with the certificate and its chain
 * @param tlsKey PEM file with the private key (PKCS #8)
 */
public record SecurityOptions(
        List<KeyOptions> keys,
        double rateLimit,
        int rateBurst,
        List<String> corsAllowOrigin,
        @Nullable String tlsCert,
        @Nullable String tlsKey) {
    public SecurityOptions {
        keys = List.copyOf(keys);
        corsAllowOrigin = List.copyOf(corsAllowOrigin);
        Set<String> ids = new HashSet<>();
        for (KeyOptions key : keys) {
            if (!ids.add(key.id())) {
                throw new UserError(
                        "security.keys has two keys called " + key.id() + ", expected an id of its own each");
            }
        }
        Ranges.check("security.rate_limit", rateLimit, 0, 1e9);
        Ranges.check("security.rate_burst", rateBurst, 0, 1_000_000_000);
        for (String origin : corsAllowOrigin) {
            if (!origin.equals("*") && !origin.matches("https?://[A-Za-z0-9.\\[\\]:-]+")) {
                throw new UserError("security.cors_allow_origin has '" + origin
                        + "', expected an origin such as https://example.com, or *");
            }
        }
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new UserError("security has only " + (tlsCert == null ? "tls_key" : "tls_cert")
                    + ", expected tls_cert and tls_key, two PEM files");
        }
    }

    static SecurityOptions defaults() {
        return new SecurityOptions(List.of(), 0, 0, List.of(), null, null);
    }

    /** Whether clients need a key. */
    public boolean closed() {
        return keys.stream().anyMatch(key -> !key.admin());
    }
}
