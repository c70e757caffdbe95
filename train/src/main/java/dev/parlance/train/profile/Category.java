package dev.parlance.train.profile;

/** What the time of a step is spent on. */
public enum Category {
    MATRIX_PRODUCTS("matrix products"),
    ATTENTION_PRODUCTS("attention products"),
    SOFTMAX("softmax"),
    ELEMENT_WISE("element-wise"),
    NORMALISATION("normalisation"),
    DROPOUT("dropout"),
    EMBEDDING("embedding"),
    RESHAPING("reshaping and copying"),
    OTHER("other operations"),
    BATCH("batch building"),
    BETWEEN("between operations"),
    FREEING("freeing memory"),
    REDUCE("gradient reduction"),
    CLIP("gradient norm"),
    OPTIMIZER("optimizer"),
    AVERAGE("weight averaging"),
    WAITING("waiting for the slowest thread"),
    ALONE("loop thread alone");

    private final String label;

    Category(String label) {
        this.label = label;
    }

    /** For tables. */
    public String label() {
        return label;
    }

    /** Forward, backward and computed again go by the operation, all else by the part of the step. */
    static Category of(Work work) {
        return switch (work.operation()) {
            case Work.WAITING -> WAITING;
            case Work.ALONE -> ALONE;
            default ->
                switch (work.phase()) {
                    case BATCH -> BATCH;
                    case FREE -> FREEING;
                    case REDUCE -> REDUCE;
                    case CLIP -> CLIP;
                    case OPTIMIZER -> OPTIMIZER;
                    case AVERAGE -> AVERAGE;
                    default -> of(work.operation());
                };
        };
    }

    private static Category of(String operation) {
        return switch (operation) {
            case Work.BETWEEN, "autograd" -> BETWEEN;
            case "linear" -> MATRIX_PRODUCTS;
            case "matmul" -> ATTENTION_PRODUCTS;
            case "softmax", "logSoftmax" -> SOFTMAX;
            case "layerNorm" -> NORMALISATION;
            case "dropout", "dropoutMask" -> DROPOUT;
            case "embedding" -> EMBEDDING;
            case "reshape",
                    "permute",
                    "contiguous",
                    "select",
                    "slice",
                    "sliceLike",
                    "unsqueeze",
                    "cat",
                    "to",
                    "clone" -> RESHAPING;
            case "add",
                    "sub",
                    "mul",
                    "div",
                    "gelu",
                    "geluTanh",
                    "relu",
                    "silu",
                    "sigmoid",
                    "tanh",
                    "sqrt",
                    "rsqrt",
                    "pow",
                    "sign",
                    "notEqual" -> ELEMENT_WISE;
            default -> OTHER;
        };
    }
}
