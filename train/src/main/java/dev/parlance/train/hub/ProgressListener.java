package dev.parlance.train.hub;

/** Hears how a download goes on; called from the downloading thread, often. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (file, bytes, totalBytes) -> {};

    /**
     * Some bytes arrived.
     *
     * @param file a name to show
     * @param bytes how many there are so far, those of an earlier attempt included
     * @param totalBytes how many there will be, or -1 where the server doesn't say
     */
    void onProgress(String file, long bytes, long totalBytes);
}
