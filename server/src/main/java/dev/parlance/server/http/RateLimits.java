package dev.parlance.server.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bucket for each key, or for each address where there are no keys: the ten thousand that asked last. */
final class RateLimits {
    private static final int MOST = 10_000;

    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
    private final double rate;
    private final int burst;

    RateLimits(SecurityOptions security) {
        this.rate = security.rateLimit();
        this.burst = security.rateBurst();
    }

    /** Takes one request of a client; nanoseconds to wait if it has had its share, else 0. */
    long take(@Nullable KeyOptions key, String address, long nanos) {
        double perSecond = key != null && key.requestsPerSecond() > 0 ? key.requestsPerSecond() : rate;
        if (perSecond <= 0) {
            return 0;
        }
        int atOnce = key != null && key.burst() > 0 ? key.burst() : burst;
        int most = atOnce > 0 ? atOnce : (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(perSecond)));
        return bucket(key == null ? "address " + address : "key " + key.id(), perSecond, most)
                .take(nanos);
    }

    private TokenBucket bucket(String client, double perSecond, int atOnce) {
        synchronized (buckets) {
            TokenBucket bucket = buckets.computeIfAbsent(client, name -> new TokenBucket(perSecond, atOnce));
            if (buckets.size() > MOST) {
                Iterator<TokenBucket> oldest = buckets.values().iterator();
                oldest.next();
                oldest.remove();
            }
            return bucket;
        }
    }
}
