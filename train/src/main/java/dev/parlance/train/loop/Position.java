package dev.parlance.train.loop;

/**
 * Where a run is in its data.
 *
 * @param step steps done
 * @param epoch the pass over the data that the next step belongs to, from 0
 * @param batch batches of that pass that are done
 */
record Position(long step, int epoch, int batch) {
    static final Position START = new Position(0, 0, 0);

    /** After a step of some batches, of an epoch that has so many. */
    Position after(int batches, int ofEpoch) {
        return batch + batches >= ofEpoch
                ? new Position(step + 1, epoch + 1, 0)
                : new Position(step + 1, epoch, batch + batches);
    }

    /** Whether the step before ended an epoch. */
    boolean atEpochEnd() {
        return step > 0 && batch == 0;
    }
}
