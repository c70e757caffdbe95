package dev.parlance.train.loop;

import dev.parlance.config.DataConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import org.jspecify.annotations.Nullable;

/**
 * The data of a run.
 *
 * @param splits its parts
 * @param measuresTest whether the test part is looked at; it is not for one of several models of which one is to be chosen
 */
record RunData(Splits splits, boolean measuresTest) {
    /** As a run reads them that stands alone. */
    static RunData read(DataConfig config, TrainingListener listener) {
        listener.onPhase("Reading the data");
        Splits splits = Splits.read(config);
        listener.onData(splits);
        return new RunData(splits, true);
    }

    /** The test part, or null if there is none or it is not to be looked at. */
    @Nullable
    Dataset test() {
        return measuresTest ? splits.test() : null;
    }
}
