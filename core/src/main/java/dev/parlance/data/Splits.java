package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a data set: from files of their own, or split off the training file.
 *
 * @param train to train on; has at least two labels
 * @param validation to choose the best checkpoint by
 * @param test to measure the chosen checkpoint on, or null
 * @param findings what concerns more than one part, such as labels that training never sees
 */
public record Splits(
        Dataset train, Dataset validation, @Nullable Dataset test, List<Finding> findings) {
    public Splits {
        findings = List.copyOf(findings);
    }

    /**
     * Reads the files of a run. Validation data without a file is split off the training file, and test data too if neither
     * has a file; stratified by label, and the same for the same file, seed and fractions everywhere. The columns found in the training file are those of the others.
     */
    public static Splits read(DataConfig config) {
        String trainFile = config.train();
        if (trainFile == null) {
            throw new UserError("data.train is not set, expected the file to train on");
        }
        String validationFile = config.validation();
        String testFile = config.test();
        boolean splitValidation = validationFile == null;
        boolean splitTest = testFile == null && splitValidation && config.testFraction() > 0;
        if (splitValidation && config.validationFraction() == 0) {
            throw new UserError(
                    "data.validation_fraction is 0 and data.validation is not set, expected one of them: without"
                            + " validation data the best checkpoint cannot be chosen");
        }
        Dataset whole = Dataset.read(config, Path.of(trainFile), "train");
        refuseOneLabel(whole);
        List<Finding> findings = new ArrayList<>();
        StratifiedSplit split = StratifiedSplit.of(
                whole,
                splitValidation ? config.validationFraction() : 0,
                splitTest ? config.testFraction() : 0,
                config.splitSeed());
        findings.addAll(split.findings());
        Dataset train = splitValidation || splitTest ? whole.part("train", split.train(), whole.findings()) : whole;
        Dataset validation = validationFile == null
                ? part(whole, "validation", split.validation())
                : other(config, whole, validationFile, "validation");
        Dataset test = splitTest ? part(whole, "test", split.test()) : null;
        if (testFile != null) {
            test = other(config, whole, testFile, "test");
        }
        findings.addAll(unseen(train, validation, test));
        return new Splits(train, validation, test, findings);
    }

    /** All labels of all parts, sorted: the order of the model's outputs. */
    public List<String> labels() {
        Set<String> all = new TreeSet<>(train.labels());
        all.addAll(validation.labels());
        if (test != null) {
            all.addAll(test.labels());
        }
        return List.copyOf(all);
    }

    /** The parts that there are: train, validation, test. */
    public List<Dataset> parts() {
        return test == null ? List.of(train, validation) : List.of(train, validation, test);
    }

    private static Dataset part(Dataset whole, String name, int[] indices) {
        if (indices.length == 0) {
            throw new UserError(whole.file().name() + " has " + whole.size() + " usable rows, too few to split off a "
                    + name + " part; add rows or set data." + name + " to a file of its own");
        }
        return whole.part(name, indices, List.of());
    }

    private static Dataset other(DataConfig config, Dataset train, String file, String name) {
        Path path = Path.of(file);
        if (path.toAbsolutePath()
                .normalize()
                .equals(Path.of(train.file().name()).toAbsolutePath().normalize())) {
            throw new UserError("data." + name + " and data.train are the same file " + file
                    + ", expected different ones; leave data." + name + " out to split it off");
        }
        Columns columns = train.columns();
        DataConfig sameColumns = config.withColumns(
                columns.text().option(),
                columns.textPair() == null ? null : columns.textPair().option(),
                columns.label() == null ? null : columns.label().option());
        return Dataset.read(sameColumns, path, name);
    }

    private static void refuseOneLabel(Dataset whole) {
        if (whole.labels().size() < 2) {
            throw new UserError(whole.file().name() + ": found the one label '"
                    + whole.labels().get(0) + "' in " + whole.columns().label()
                    + ", expected at least two; set data.label_column if this is not the label");
        }
    }

    private static List<Finding> unseen(Dataset train, Dataset validation, @Nullable Dataset test) {
        List<Finding> findings = new ArrayList<>();
        for (Dataset part : test == null ? List.of(validation) : List.of(validation, test)) {
            TreeMap<String, Integer> counts = new TreeMap<>(part.labelCounts());
            counts.keySet().removeAll(Set.copyOf(train.labels()));
            if (!counts.isEmpty()) {
                long rows = counts.values().stream().mapToInt(Integer::intValue).sum();
                findings.add(new Finding(
                        "unseen_labels",
                        true,
                        part.name() + " row with a label that training has no example of, so that it counts as wrong: "
                                + String.join(
                                        ", ", counts.keySet().stream().limit(10).toList())
                                + (counts.size() > 10 ? ", ..." : ""),
                        rows,
                        List.of()));
            }
        }
        return findings;
    }
}
