package dev.parlance.train.search;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.LinearConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is searched: settings and their values.
 *
 * @param parameters at least one; each setting once
 */
public record SearchSpace(List<Parameter> parameters) {
    /** What is searched if nobody says: what matters most in fine-tuning small encoders. */
    static final List<String> DEFAULTS = List.of(
            "training.learning_rate=2e-5..5e-4:log",
            "training.num_train_epochs=2,3,4,5",
            "training.per_device_train_batch_size=16,32");
    /** The same for the linear model. */
    static final List<String> LINEAR_DEFAULTS = List.of(
            "linear.c=0.1..100:log",
            "linear.word_ngram_range=1,1|1,2|1,3",
            "linear.char_ngram_range=none|2,4|2,5|3,6",
            "linear.min_df=1,2,3");

    public SearchSpace {
        parameters = List.copyOf(parameters);
        if (parameters.isEmpty()) {
            throw new UserError("there is nothing to search, expected a setting with its values such as"
                    + " training.learning_rate=1e-5..1e-3:log");
        }
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new UserError(parameter.name() + " is searched twice, expected its values in one place");
            }
        }
    }

    /** The settings that are searched if nobody says. */
    public static SearchSpace defaults(RunConfig base) {
        boolean linear = base.model().modelNameOrPath().equals(LinearConfig.MODEL);
        return parse(base, linear ? LINEAR_DEFAULTS : DEFAULTS);
    }

    /**
     * Reads settings with their values as the command line has them: {@code name=1e-5..1e-3:log}, {@code name=2..6:int},
     * {@code name=16,32}; {@code :5} at the end of a range tells a grid the number of points.
     *
     * @param base the settings of which some are searched
     * @throws UserError if a setting is unknown or cannot have such values
     */
    public static SearchSpace parse(RunConfig base, List<String> assignments) {
        return parse(base, null, assignments);
    }

    /**
     * Reads a file (YAML or JSON) and then what the command line adds to it; a setting that is in both is searched as the
     * command line says.
     */
    public static SearchSpace parse(RunConfig base, @Nullable Path file, List<String> assignments) {
        SpaceParser parser = new SpaceParser(base);
        List<Parameter> told = new ArrayList<>();
        for (String assignment : assignments) {
            told.add(parser.assignment(assignment));
        }
        List<Parameter> all = new ArrayList<>();
        if (file != null) {
            Set<String> names = new HashSet<>(told.stream().map(Parameter::name).toList());
            parser.file(file).stream()
                    .filter(parameter -> !names.contains(parameter.name()))
                    .forEach(all::add);
        }
        all.addAll(told);
        return new SearchSpace(all);
    }

    /** The settings with these values. */
    public RunConfig apply(RunConfig base, Map<String, String> values) {
        RunConfig config = base;
        for (Map.Entry<String, String> value : values.entrySet()) {
            config = ConfigFiles.withAssignment(config, value.getKey() + "=" + value.getValue());
        }
        return config;
    }

    /** Number of different points; empty if there is no end to them. */
    OptionalLong size() {
        long size = 1;
        for (Parameter parameter : parameters) {
            if (parameter.size().isEmpty() || size > 1L << 40) {
                return OptionalLong.empty();
            }
            size *= parameter.size().getAsLong();
        }
        return OptionalLong.of(size);
    }
}
