import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What came of a load, within the time that was measured. */
final class LoadResult {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_NANOS = 600_000_000_000L;

    /** By status: the time from when a request was due to its answer, and from when it was sent. */
    final Map<Integer, Histogram> fromDue = new TreeMap<>();

    final Map<Integer, Histogram> fromSent = new TreeMap<>();
    /** Requests without an answer, by what went wrong. */
    final Map<String, Long> failures = new TreeMap<>();

    /** Seconds that were measured. */
    double seconds;

    /** How long the last answers took to come after the load had ended. */
    double drainSeconds;

    /** Answers that arrived within these seconds, by status. */
    final Map<Integer, Long> arrived = new TreeMap<>();
    /** Refusals for overload that did not say when to try again. */
    long withoutRetryAfter;
    /** The most requests that were due and found no free connection. */
    int mostWaiting;

    void answered(Connection connection, long now, boolean scheduled) {
        int status = connection.status();
        record(fromSent, status, now - connection.sentNanos);
        if (scheduled) {
            record(fromDue, status, now - connection.dueNanos);
        }
        if (status == 429 && !connection.hasRetryAfter()) {
            withoutRetryAfter++;
        }
    }

    private static void record(Map<Integer, Histogram> histograms, int status, long nanos) {
        histograms
                .computeIfAbsent(status, key -> new Histogram(1_000, LONGEST_NANOS, 3))
                .recordValue(Math.max(1, Math.min(LONGEST_NANOS, nanos)));
    }

    void failed(String why) {
        failures.merge(why, 1L, Long::sum);
    }

    /** Good answers a second. */
    double perSecond() {
        return arrived.getOrDefault(200, 0L) / seconds;
    }

    long count(int status) {
        return fromSent.containsKey(status) ? fromSent.get(status).getTotalCount() : 0;
    }

    /** Milliseconds of good answers; from when they were due if there was a schedule. */
    double millis(double percentile) {
        Histogram histogram = fromDue.getOrDefault(200, fromSent.get(200));
        return histogram == null ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1e6;
    }

    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("seconds", round(seconds)).put("per_second", round(perSecond()));
        ObjectNode statuses = json.putObject("statuses");
        fromSent.forEach((status, histogram) -> statuses.put(Integer.toString(status), histogram.getTotalCount()));
        ObjectNode failed = json.putObject("failures");
        failures.forEach(failed::put);
        put(json, "latency_ms_from_due", fromDue);
        put(json, "latency_ms_from_sent", fromSent);
        if (withoutRetryAfter > 0) {
            json.put("without_retry_after", withoutRetryAfter);
        }
        if (!fromDue.isEmpty()) {
            json.put("most_waiting_for_a_connection", mostWaiting);
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Map<Integer, Histogram> histograms) {
        if (histograms.isEmpty()) {
            return;
        }
        ObjectNode byStatus = json.putObject(name);
        histograms.forEach((status, histogram) -> {
            ObjectNode node = byStatus.putObject(Integer.toString(status));
            node.put("mean", round(histogram.getMean() / 1e6));
            for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
                String key = percentile == 100
                        ? "max"
                        : "p" + Double.toString(percentile).replace(".0", "").replace(".", "");
                node.put(key, round(histogram.getValueAtPercentile(percentile) / 1e6));
            }
        });
    }

    static double round(double value) {
        return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : -1;
    }
}
