package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All numbers that the loop goes on from; tensors are files of their own. Random states are not among them: the order of an
 * epoch follows from the seed and the epoch, the dropout of a step from the seed and the step.
 *
 * @param position in the data
 * @param measuredStep step of the last measurement; 0 before the first
 * @param loss the mean of the training loss
 * @param skipped steps without a finite loss
 * @param measurementsWithoutGain for early stopping
 * @param scheduler what the schedule of the learning rate remembers
 * @param best the best measurement so far
 * @param averaged weights that were averaged
 * @param throughput work and time of all steps
 * @param seconds that the run has trained and measured
 */
record TrainerState(
        Position position,
        long measuredStep,
        LossWindow.State loss,
        SkippedSteps.State skipped,
        int measurementsWithoutGain,
        Map<String, Double> scheduler,
        @Nullable Best best,
        long averaged,
        Throughput.Totals throughput,
        double seconds) {
    TrainerState {
        scheduler = new TreeMap<>(scheduler);
    }

    /**
     * The best measurement.
     *
     * @param step after which it was made
     * @param score larger is better
     * @param report as {@code report.json} has it
     */
    record Best(long step, double score, ObjectNode report) {}

    ObjectNode toJson() {
        return Json.tree(this);
    }

    static TrainerState fromJson(ObjectNode json) {
        return Json.value(json, TrainerState.class);
    }
}
