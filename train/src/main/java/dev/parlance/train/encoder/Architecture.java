package dev.parlance.train.encoder;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The model types of Hugging Face that {@link TransformerEncoder} implements, and in what they differ. */
public enum Architecture {
    BERT("bert", "bert", Positions.BY_INDEX),
    ROBERTA("roberta", "roberta", Positions.AFTER_PADDING_ID),
    XLM_ROBERTA("xlm-roberta", "roberta", Positions.AFTER_PADDING_ID),
    CAMEMBERT("camembert", "roberta", Positions.AFTER_PADDING_ID),
    ROBERTA_PRELAYERNORM("roberta-prelayernorm", "roberta_prelayernorm", Positions.AFTER_PADDING_ID),
    DISTILBERT("distilbert", "distilbert", Positions.BY_INDEX),
    ELECTRA("electra", "electra", Positions.BY_INDEX);

    /** How a token's row in the position table is found. */
    enum Positions {
        /** Row 0 is the first token. */
        BY_INDEX,
        /** As fairseq counts: the first token has row padding id + 1, padding has row padding id. */
        AFTER_PADDING_ID
    }

    private final String modelType;
    private final String prefix;
    private final Positions positions;

    Architecture(String modelType, String prefix, Positions positions) {
        this.modelType = modelType;
        this.prefix = prefix;
        this.positions = positions;
    }

    /** The value of {@code model_type} in config.json. */
    public String modelType() {
        return modelType;
    }

    /** What the encoder's parameter names start with inside a model with a head, without the dot. */
    public String prefix() {
        return prefix;
    }

    /** Normalizes before each sublayer instead of after it. */
    boolean isPreNorm() {
        return this == ROBERTA_PRELAYERNORM;
    }

    BlockNames names() {
        return switch (this) {
            case DISTILBERT -> BlockNames.DISTILBERT;
            case ROBERTA_PRELAYERNORM -> BlockNames.PRE_NORM;
            default -> BlockNames.BERT;
        };
    }

    Positions positions() {
        return positions;
    }

    /** The architecture of a {@code model_type}, if it is implemented. */
    public static Optional<Architecture> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(a -> a.modelType.equals(modelType))
                .findFirst();
    }

    /** All implemented {@code model_type}s. */
    public static List<String> modelTypes() {
        return Arrays.stream(values()).map(Architecture::modelType).toList();
    }
}
