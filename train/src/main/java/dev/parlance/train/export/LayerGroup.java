package dev.parlance.train.export;

import dev.parlance.train.nn.Embedding;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.nn.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Weights that are rounded to 8 bits together, or kept in 32.
 *
 * @param name path of the layer, or of what several have in common
 * @param weights names of the parameters
 */
record LayerGroup(String name, Set<String> weights) {
    /** A table of fewer rows is not worth it. */
    private static final int FEWEST_ROWS = 32;

    LayerGroup {
        weights = Set.copyOf(weights);
    }

    /** All groups of a model: tables, projections of a block, the pooler; but not the last layer of a head, which is small. */
    static List<LayerGroup> of(Layer model) {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        model.forEachLayer((path, layer) -> {
            boolean table =
                    layer instanceof Embedding embedding && embedding.weight().size(0) >= FEWEST_ROWS;
            boolean projection = layer instanceof Linear && !path.matches("classifier(\\.out_proj)?");
            if (table || projection) {
                String name = table
                        ? path.replaceAll("\\.[a-z_]+$", "")
                        : path.replaceAll("\\.(query|key|value|q_lin|k_lin|v_lin)$", "");
                groups.computeIfAbsent(name, key -> new TreeSet<>()).add(path + ".weight");
            }
        });
        List<LayerGroup> result = new ArrayList<>();
        groups.forEach((name, weights) -> result.add(new LayerGroup(name, weights)));
        return result;
    }
}
