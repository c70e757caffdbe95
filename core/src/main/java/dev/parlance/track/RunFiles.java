package dev.parlance.track;

/** Names of the files in the directory of a run. */
public final class RunFiles {
    /** {@link RunInfo}: state and scores. */
    public static final String INFO = "run.json";
    /** The settings as they were resolved. */
    public static final String SETTINGS = "run.yaml";
    /** A JSON object a line: what was measured, step by step. */
    public static final String METRICS = "metrics.jsonl";
    /** Machine, versions, data hashes, git state. */
    public static final String ENVIRONMENT = "environment.json";
    /** Reports by split, with their confusion matrices. */
    public static final String REPORT = "report.json";
    /** Texts of the validation data that the best checkpoint gets wrong, a JSON object a line. */
    public static final String WRONG_PREDICTIONS = "wrong-predictions.jsonl";
    /** The model card of the finished model. */
    public static final String CARD = "README.md";

    private RunFiles() {}
}
