package dev.parlance.cli;

import dev.parlance.train.hub.ProgressListener;
import java.util.HashMap;
import java.util.Map;

/** Shows how downloads go on. */
final class DownloadProgress implements ProgressListener {
    private static final long SMALL = 1_000_000;

    private final ProgressLine progress;
    private final Map<String, Long> startNanos = new HashMap<>();
    private final Map<String, Long> startBytes = new HashMap<>();

    DownloadProgress(Console console) {
        this.progress = new ProgressLine(console);
    }

    @Override
    public synchronized void onProgress(String file, long bytes, long totalBytes) {
        long now = System.nanoTime();
        double seconds = Math.max(1e-3, (now - startNanos.computeIfAbsent(file, f -> now)) / 1e9);
        double rate = (bytes - startBytes.computeIfAbsent(file, f -> bytes)) / seconds;
        if (totalBytes >= 0 && bytes >= totalBytes) {
            startNanos.remove(file);
            startBytes.remove(file);
            if (totalBytes >= SMALL) {
                progress.line("fetched " + file + " (" + ProgressLine.bytes(totalBytes) + ")");
            }
            return;
        }
        String left =
                totalBytes < 0 || rate <= 0 ? "" : ", " + ProgressLine.time((totalBytes - bytes) / rate) + " left";
        progress.update(
                totalBytes > 0 ? (double) bytes / totalBytes : -1,
                file + " " + ProgressLine.bytes(bytes) + ", " + ProgressLine.bytes((long) rate) + "/s" + left);
    }
}
