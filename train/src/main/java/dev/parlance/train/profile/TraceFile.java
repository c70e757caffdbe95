package dev.parlance.train.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.train.weights.AtomicFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes Chrome's Trace Event Format, which chrome://tracing and ui.perfetto.dev open: complete events in microseconds, a lane a
 * thread. An event a line, each written before the next is made.
 */
final class TraceFile {
    private final Writer out;
    private final long pid;
    private final long originNanos;
    private boolean first = true;

    private TraceFile(Writer out, long pid, long originNanos) {
        this.out = out;
        this.pid = pid;
        this.originNanos = originNanos;
    }

    /** Writes what happened in the lanes, the first of them on top. */
    static void write(Path target, List<Lane> lanes, long dropped) throws IOException {
        long origin = lanes.stream()
                .flatMap(lane -> lane.events().stream())
                .mapToLong(Event::startNanos)
                .min()
                .orElse(0);
        AtomicFiles.write(target, channel -> {
            // not to be closed: the channel is still to be forced to disk
            Writer out = new BufferedWriter(
                    new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
            new TraceFile(out, ProcessHandle.current().pid(), origin).write(lanes, dropped);
            out.flush();
        });
    }

    private void write(List<Lane> lanes, long dropped) throws IOException {
        out.write("{\"displayTimeUnit\":\"ms\",\"otherData\":{\"dropped_events\":" + dropped + "},\"traceEvents\":[\n");
        line(metadata("process_name", 0, "parlance train"));
        for (int tid = 0; tid < lanes.size(); tid++) {
            line(metadata("thread_name", tid, tid == 0 ? "loop" : lanes.get(tid).thread()));
            ObjectNode order = event("thread_sort_index", "M", tid);
            order.putObject("args").put("sort_index", tid);
            line(order);
        }
        for (int tid = 0; tid < lanes.size(); tid++) {
            for (Event event : lanes.get(tid).events()) {
                line(complete(event, tid));
            }
        }
        out.write("\n]}\n");
    }

    private ObjectNode metadata(String what, int tid, String name) {
        ObjectNode json = event(what, "M", tid);
        json.putObject("args").put("name", name);
        return json;
    }

    private ObjectNode complete(Event event, int tid) {
        ObjectNode json = event(event.name(), "X", tid);
        json.put("cat", event.phase().label());
        json.put("ts", micros(event.startNanos() - originNanos));
        json.put("dur", micros(event.endNanos() - event.startNanos()));
        if (event.step() > 0) {
            json.withObjectProperty("args").put("step", event.step());
        }
        if (!event.shapes().isEmpty()) {
            json.withObjectProperty("args")
                    .put("shapes", event.shapes().stream().map(Arrays::toString).collect(Collectors.joining(" ")));
        }
        if (event.flops() > 0) {
            double gflops = event.flops() / Math.max(1, event.endNanos() - event.startNanos());
            json.withObjectProperty("args")
                    .put("flops", (long) event.flops())
                    .put("gflops_per_second", Math.round(gflops * 10) / 10.0);
        }
        return json;
    }

    private ObjectNode event(String name, String kind, int tid) {
        return Json.object().put("name", name).put("ph", kind).put("pid", pid).put("tid", tid);
    }

    private static BigDecimal micros(long nanos) {
        return BigDecimal.valueOf(nanos, 3);
    }

    private void line(ObjectNode event) throws IOException {
        out.write(first ? "" : ",\n");
        out.write(Json.line(event));
        first = false;
    }
}
