package dev.parlance.train.loop;

import dev.parlance.train.tensor.Torch;

/** The most resident memory of this process while it is open, looked at every millisecond or so. */
final class PeakMemory implements AutoCloseable {
    private final Thread thread;
    private volatile boolean closed;
    private volatile long peak = Torch.residentBytes();

    private PeakMemory() {
        thread = new Thread(this::watch, "parlance-peak-memory");
        thread.setDaemon(true);
    }

    /** Starts to look. */
    static PeakMemory watching() {
        PeakMemory memory = new PeakMemory();
        memory.thread.start();
        return memory;
    }

    private void watch() {
        try {
            while (!closed) {
                peak = Math.max(peak, Torch.residentBytes());
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The most so far, in bytes. */
    long bytes() {
        return Math.max(peak, Torch.residentBytes());
    }

    /** Stops looking. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
