package dev.parlance.train.encoder;

import dev.parlance.config.UserError;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills a model's parameters from a file, strictly: a missing, extra or misshapen weight is an error, except that a head
 * may be new and that leftovers of pretraining are ignored.
 */
public final class WeightLoader {
    /** What checkpoints carry besides an encoder: position buffers, poolers and the heads of pretraining. */
    private static final Pattern HARMLESS = Pattern.compile("(.*\\.)?(position_ids|token_type_ids)|(.*\\.)?pooler\\..*"
            + "|(cls|lm_head|discriminator_predictions|generator_predictions|generator_lm_head"
            + "|vocab_transform|vocab_layer_norm|vocab_projector)\\..*");

    /** Heads of other tasks, which only a reset may discard. */
    private static final Pattern OTHER_HEAD = Pattern.compile("(pre_)?classifier\\..*|qa_outputs\\..*");

    private static final int NAMES_SHOWN = 5;

    private final WeightSource source;
    private final String where;
    private final String prefix;
    private final Set<String> used = new LinkedHashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> initialized = new ArrayList<>();

    private WeightLoader(WeightSource source, String where, String prefix) {
        this.source = source;
        this.where = where;
        this.prefix = prefix + ".";
    }

    /**
     * How to treat the part of a model that may be new.
     *
     * @param headNames parameters that may be missing in the file
     * @param resetHead true takes no head from the file and starts a new one
     * @param seed of new values
     * @param initializerRange standard deviation of new matrices; new biases are 0
     */
    public record HeadRules(Set<String> headNames, boolean resetHead, long seed, double initializerRange) {
        public HeadRules {
            headNames = Set.copyOf(headNames);
        }
    }

    /**
     * Fills every parameter.
     *
     * @param parameters by full name, such as {@code bert.encoder.layer.0.output.dense.bias}
     * @param source names with or without the prefix
     * @param where names the source in errors
     * @param prefix the encoder's prefix, such as {@code bert}
     * @throws UserError that lists what is missing, extra or misshapen
     */
    public static LoadReport load(
            Map<String, Tensor> parameters, WeightSource source, String where, String prefix, HeadRules head) {
        WeightLoader loader = new WeightLoader(source, where, prefix);
        parameters.forEach((name, tensor) -> loader.fill(name, tensor, head));
        return loader.finish(head);
    }

    private void fill(String name, Tensor tensor, HeadRules head) {
        boolean ofHead = head.headNames().contains(name);
        String found = ofHead && head.resetHead() ? null : nameInSource(name);
        if (found != null) {
            used.add(found);
            checkShape(found, tensor, ofHead);
            tensor.withBuffer(buffer -> source.copyInto(found, buffer));
        } else if (ofHead) {
            NewWeights.initialize(name, tensor, head.seed(), head.initializerRange());
            initialized.add(name);
        } else {
            missing.add(name);
        }
    }

    /** With the prefix or without it, under today's name or the gamma and beta of early checkpoints; null if absent. */
    private @Nullable String nameInSource(String name) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        for (String candidate : List.of(name, bare)) {
            String early = candidate
                    .replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                    .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
            if (source.names().contains(candidate)) {
                return candidate;
            }
            if (source.names().contains(early)) {
                return early;
            }
        }
        return null;
    }

    private void checkShape(String name, Tensor tensor, boolean ofHead) {
        long[] found = source.shape(name);
        if (!Arrays.equals(found, tensor.shape())) {
            throw new UserError(where + ": " + name + " has shape " + Arrays.toString(found) + "; expected "
                    + Arrays.toString(tensor.shape())
                    + (ofHead
                            ? "; the labels differ from those it was trained on: train again or reset the head"
                            : "; config.json does not belong to these weights"));
        }
    }

    private LoadReport finish(HeadRules head) {
        List<String> extra = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        for (String name : source.names()) {
            if (!used.contains(name)) {
                boolean harmless = HARMLESS.matcher(name).matches()
                        || head.headNames().contains(name)
                        || (head.resetHead() && OTHER_HEAD.matcher(name).matches());
                (harmless ? ignored : extra).add(name);
            }
        }
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new UserError(where + ": the weights do not fit config.json; " + list("missing", missing) + ", "
                    + list("extra", extra) + "; use the config.json that came with the weights");
        }
        return new LoadReport(initialized, ignored);
    }

    private static String list(String what, List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        String more = names.size() > NAMES_SHOWN ? ", ..." : "";
        return names.size() + " " + what + (names.isEmpty() ? "" : " (" + shown + more + ")");
    }
}
