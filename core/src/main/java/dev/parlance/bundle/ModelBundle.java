package dev.parlance.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.linear.WeightedFeature;
import dev.parlance.metric.Report;
import dev.parlance.task.Task;
import dev.parlance.task.TextClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained classifier or a sentence encoder in a directory of Hugging Face layout: {@code config.json}, {@code tokenizer.json} and, where Parlance
 * wrote it, {@code model.safetensors}, {@code model.onnx}, {@code report.json}, {@code run.yaml}, {@code provenance.json}.
 * Immutable; files are read when asked for.
 */
public final class ModelBundle {
    /** The file of the architecture and the labels. */
    public static final String CONFIG = "config.json";
    /** The file of the weights. */
    public static final String WEIGHTS = "model.safetensors";
    /** The file of the graph for ONNX Runtime. */
    public static final String ONNX = "model.onnx";

    /** {@code model_type} of a linear model over TF-IDF, which has a vocabulary in place of a tokenizer. */
    static final String LINEAR_TYPE = "parlance-linear";

    /** {@code model_type} of several models whose probabilities are averaged. */
    static final String ENSEMBLE_TYPE = "parlance-ensemble";

    /** The file that says how the weights were rounded, in a model whose graph computes in 8 bits. */
    public static final String QUANTIZATION = "quantization.json";

    /** The file of the model card. */
    public static final String CARD = "README.md";

    static final String SELECTION = "selection.json";
    static final String TOP_FEATURES = "top_features.json";
    static final String REPORT = "report.json";
    static final String RUN = "run.yaml";
    static final String PROVENANCE = "provenance.json";

    private final Path directory;
    private final ObjectNode config;
    private final Task task;
    private final int maxLength;

    private ModelBundle(Path directory, ObjectNode config) {
        this.directory = directory;
        this.config = config;
        Path file = directory.resolve(CONFIG);
        boolean encoder = ModelConfigFile.isEncoder(config)
                || Files.isRegularFile(directory.resolve(SentenceEncoderFiles.MODULES));
        if (encoder) {
            task = SentenceEncoderFiles.read(directory, config);
        } else {
            ModelConfigFile.checkClassifier(file, config);
            task = new TextClassification(ModelConfigFile.labels(file, config));
        }
        int limit = encoder ? SentenceEncoderFiles.maxLength(directory) : Integer.MAX_VALUE;
        maxLength = Math.min(limit, Math.min(ModelConfigFile.maxPositions(config), tokenizerMaxLength()));
    }

    /**
     * Opens a classifier or a sentence encoder that Parlance or another tool of the Hugging Face ecosystem wrote.
     *
     * @throws UserError if the directory, its config.json or its tokenizer.json is missing, its labels are no list from 0, or it
     *     has parts that cannot be computed
     */
    public static ModelBundle open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(
                    directory + " is no directory, expected one of a trained model" + leftBehind(directory));
        }
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new UserError(directory + " has no config.json, expected the directory of a trained model");
        }
        ObjectNode config = Json.readObject(directory.resolve(CONFIG));
        String type = config.path("model_type").asText();
        boolean tokens = !type.equals(LINEAR_TYPE) && !type.equals(ENSEMBLE_TYPE);
        if (tokens && !Files.isRegularFile(directory.resolve(TokenizerCopy.TOKENIZER))) {
            throw new UserError(
                    directory + " has no tokenizer.json, expected the model's tokenizer beside config.json");
        }
        return new ModelBundle(directory, config);
    }

    /** Whether it is a linear model over TF-IDF features rather than a network over tokens. */
    public boolean isLinear() {
        return modelType().equals(LINEAR_TYPE);
    }

    /** Whether it consists of several models, whose probabilities are averaged. */
    public boolean isEnsemble() {
        return modelType().equals(ENSEMBLE_TYPE);
    }

    /**
     * A model of an ensemble.
     *
     * @param bundle the model, which can be used on its own
     * @param weight its share in the answer, in (0, 1]; the shares of all members add up to 1
     */
    public record Member(ModelBundle bundle, double weight) {}

    /**
     * The models of an ensemble; empty for any other model.
     *
     * @throws UserError if one is missing or has other labels, or their shares do not add up to 1
     */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        double sum = 0;
        for (JsonNode entry : config.path("members")) {
            String name = entry.path("name").asText();
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new UserError(directory.resolve(CONFIG) + " has a member '" + name
                        + "', expected the name of a directory in " + BundleWriter.MEMBERS);
            }
            ModelBundle member = open(directory.resolve(BundleWriter.MEMBERS).resolve(name));
            if (!member.labels().equals(labels()) || member.isEnsemble()) {
                throw new UserError(member.directory() + " has other labels than " + directory.resolve(CONFIG)
                        + ", or is an ensemble itself; expected a model with the same labels");
            }
            members.add(new Member(member, entry.path("weight").asDouble()));
            sum += entry.path("weight").asDouble();
        }
        if (isEnsemble() && !(Math.abs(sum - 1) < 1e-6 && members.stream().allMatch(member -> member.weight() > 0))) {
            throw new UserError(directory.resolve(CONFIG) + " has members with weights that add up to " + sum
                    + ", expected positive ones that add up to 1");
        }
        return members;
    }

    /** The last part of the directory's path. */
    public String name() {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    }

    /** For each label the features that speak for it most, best first; empty for a model that cannot tell. */
    public Map<String, List<WeightedFeature>> topFeatures() {
        Map<String, List<WeightedFeature>> features = new LinkedHashMap<>();
        Path file = directory.resolve(TOP_FEATURES);
        if (!Files.exists(file)) {
            return features;
        }
        for (Map.Entry<String, JsonNode> label : Json.readObject(file).properties()) {
            List<WeightedFeature> top = new ArrayList<>();
            for (JsonNode feature : label.getValue()) {
                top.add(new WeightedFeature(
                        feature.path("kind").asText(),
                        feature.path("text").asText(),
                        feature.path("weight").asDouble()));
            }
            features.put(label.getKey(), List.copyOf(top));
        }
        return features;
    }

    /** The directory of the bundle, which also holds the tokenizer. */
    public Path directory() {
        return directory;
    }

    /** What the model does, with its labels. */
    public Task task() {
        return task;
    }

    /** The labels in the order of the model's outputs. */
    public List<String> labels() {
        return task.labels();
    }

    /** A copy of config.json. */
    public ObjectNode config() {
        return config.deepCopy();
    }

    /** For example {@code bert}. */
    public String modelType() {
        return config.path("model_type").asText("unknown");
    }

    /** Longest input in tokens, special tokens included: what the model was trained with, within what it can take. */
    public int maxLength() {
        return maxLength;
    }

    /** The graph that ONNX Runtime runs; fails if the directory has none. */
    public Path onnxFile() {
        refuseEnsemble("graph");
        return need(
                ONNX,
                "expected the directory of a model that parlance train wrote; to use these weights as they are, write the graph with"
                        + " parlance export " + directory + " --format onnx; to start from them, train with --model "
                        + directory);
    }

    /** The weights; fails if the directory has none. */
    public Path weightsFile() {
        refuseEnsemble("weights");
        return need(WEIGHTS, "expected the weights beside config.json");
    }

    /** What the model scored when it was trained, by split: {@code test}, {@code validation}; empty if not recorded. */
    public Map<String, Report> reports() {
        Map<String, Report> reports = new LinkedHashMap<>();
        Path file = directory.resolve(REPORT);
        if (!Files.exists(file)) {
            return reports;
        }
        for (Map.Entry<String, JsonNode> entry : Json.readObject(file).properties()) {
            if (!(entry.getValue() instanceof ObjectNode object)) {
                throw new UserError(file + " has no report under " + entry.getKey() + ", expected an object there");
            }
            Report report = Report.fromJson(object);
            if (!report.labels().stream().map(Report.LabelScore::label).toList().equals(labels())) {
                throw new UserError(file + " reports on other labels than config.json has; evaluate the model again");
            }
            reports.put(entry.getKey(), report);
        }
        return reports;
    }

    /** The report that speaks for the model: of its test data, else of its validation data. */
    public Optional<Report> report() {
        Map<String, Report> reports = reports();
        return reports.isEmpty() ? Optional.empty() : Optional.of(HeadlineReport.of(reports));
    }

    /** The settings of the run that made the model, if recorded. */
    public Optional<RunConfig> run() {
        Path file = directory.resolve(RUN);
        return Files.exists(file) ? Optional.of(ConfigFiles.read(file)) : Optional.empty();
    }

    /** What {@link Provenance#toJson} wrote, if recorded. */
    public Optional<ObjectNode> provenance() {
        Path file = directory.resolve(PROVENANCE);
        return Files.exists(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
    }

    private int tokenizerMaxLength() {
        Path file = directory.resolve(TokenizerCopy.CONFIG);
        if (!Files.exists(file)) {
            return Integer.MAX_VALUE;
        }
        double length = Json.readObject(file).path("model_max_length").asDouble(Integer.MAX_VALUE); // unlimited is 1e30
        return length >= 1 ? (int) Math.min(length, Integer.MAX_VALUE) : Integer.MAX_VALUE;
    }

    private void refuseEnsemble(String what) {
        if (isEnsemble()) {
            throw new UserError(directory + " consists of several models and has no " + what
                    + " of its own; take one of those in " + directory.resolve(BundleWriter.MEMBERS));
        }
    }

    /** How the model was chosen among several, as {@link Selection#toJson} wrote it, if it was. */
    public Optional<ObjectNode> selection() {
        Path file = directory.resolve(SELECTION);
        return Files.exists(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
    }

    /** How the graph was made to compute in 8 bits, and what that costs and brings; empty for a model in 32 bits. */
    public Optional<ObjectNode> quantization() {
        Path file = directory.resolve(QUANTIZATION);
        return Files.exists(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
    }

    /** What the graph computes in: {@code fp32} or {@code int8}. */
    public String precision() {
        return Files.exists(directory.resolve(QUANTIZATION)) ? "int8" : "fp32";
    }

    /** The files of a Hugging Face model but for its weights, as paths in its directory; a model need not have all. */
    public static List<String> huggingFaceFiles() {
        List<String> files = new ArrayList<>(List.of(CONFIG, TokenizerCopy.TOKENIZER, TokenizerCopy.CONFIG));
        files.addAll(TokenizerCopy.OTHERS);
        files.addAll(SentenceEncoderFiles.ALL);
        return files;
    }

    /** The files that tell where a model of Parlance comes from and what it scored. */
    public static List<String> recordFiles() {
        return List.of(REPORT, "report.html", RUN, PROVENANCE, SELECTION, CARD);
    }

    private Path need(String name, String why) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new UserError(directory + " has no " + name + "; " + why);
        }
        return file;
    }

    private static String leftBehind(Path directory) {
        try {
            List<Path> old = AtomicDirectory.leftBehind(directory);
            return old.isEmpty() ? "" : "; a crash while it was replaced has left " + old.get(0) + ", rename that";
        } catch (IOException e) {
            return ""; // the missing directory is the error to report
        }
    }
}
