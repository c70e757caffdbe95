package dev.parlance.track;

import java.util.Arrays;

/**
 * Collects a curve in bounded memory: once it has twice as many points as wanted, every second one goes, and from then on
 * only every second one, fourth one... is taken. The newest point is always kept.
 */
final class SeriesBuilder {
    private final int maxPoints;
    private double[] steps;
    private double[] values;
    private int size;
    private int stride = 1;
    private int skipped;
    private double lastStep = Double.NEGATIVE_INFINITY;
    private double lastValue;

    SeriesBuilder(int maxPoints) {
        this.maxPoints = maxPoints;
        steps = new double[16];
        values = new double[16];
    }

    /** Adds a point. A step that was there before, as after a resume, takes the place of all from it on. */
    void add(double step, double value) {
        if (step <= lastStep) {
            while (size > 0 && steps[size - 1] >= step) {
                size--;
            }
            skipped = 0;
        }
        lastStep = step;
        lastValue = value;
        if (skipped > 0) {
            skipped--;
            return;
        }
        skipped = stride - 1;
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        steps[size] = step;
        values[size++] = value;
        if (size == 2 * maxPoints) {
            thin();
        }
    }

    private void thin() {
        for (int i = 0; i < size / 2; i++) {
            steps[i] = steps[2 * i];
            values[i] = values[2 * i];
        }
        size /= 2;
        stride *= 2; // the next to be taken is still one old stride away, since the last one was dropped
    }

    Series build(String name) {
        boolean complete = size > 0 && steps[size - 1] == lastStep;
        int length = complete ? size : size + 1;
        double[] allSteps = Arrays.copyOf(steps, length);
        double[] allValues = Arrays.copyOf(values, length);
        allSteps[length - 1] = lastStep;
        allValues[length - 1] = lastValue;
        return new Series(name, allSteps, allValues);
    }
}
