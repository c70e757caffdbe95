package dev.parlance.config;

/** Refuses settings of the loop that each can be used but not together. */
final class Contradictions {
    private Contradictions() {}

    /** Names both settings and says which to change. */
    static void refuse(TrainingArguments training) {
        boolean evalSteps = training.evalStrategy().equals("steps");
        boolean saveSteps = training.saveStrategy().equals("steps");
        boolean measures = !training.evalStrategy().equals("no");
        boolean stopsEarly = training.earlyStoppingPatience() > 0;
        onlyWith("eval_steps", training.evalSteps(), evalSteps, "eval_strategy", training.evalStrategy(), "steps");
        onlyWith("save_steps", training.saveSteps(), saveSteps, "save_strategy", training.saveStrategy(), "steps");
        onlyWith(
                "early_stopping_patience",
                training.earlyStoppingPatience(),
                measures,
                "eval_strategy",
                training.evalStrategy(),
                "epoch or steps");
        onlyWith(
                "early_stopping_threshold",
                training.earlyStoppingThreshold(),
                stopsEarly,
                "early_stopping_patience",
                training.earlyStoppingPatience(),
                "3");
        if (training.saveStrategy().equals("best") && !measures) {
            throw new UserError("training.save_strategy is best but training.eval_strategy is no, so that there are no"
                    + " scores to compare; set training.eval_strategy to epoch or steps");
        }
    }

    /** Refuses a setting that would do nothing beside another one. */
    private static void onlyWith(
            String setting, double value, boolean fits, String other, Object found, String expected) {
        if (value != 0 && !fits) {
            throw new UserError("training." + setting + " is " + Check.plain(value) + " but training." + other + " is "
                    + found + ", beside which it does nothing; set training." + other + " to " + expected
                    + " or leave training." + setting + " out");
        }
    }
}
