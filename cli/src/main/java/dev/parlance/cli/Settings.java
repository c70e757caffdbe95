package dev.parlance.cli;

import dev.parlance.cli.Setting.Group;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The settings of a run as options of a command, grouped in its help. A test compares the list with {@link RunConfig}. */
final class Settings {
    static final List<Setting> ALL = List.of(
            Setting.of("data.train", Group.DATA, "file", "Labelled texts: .csv, .tsv or .jsonl, also .gz.", "--data"),
            Setting.of(
                    "data.validation",
                    Group.DATA,
                    "file",
                    "Texts to choose the best checkpoint by. Left out: split off the data."),
            Setting.of(
                    "data.test",
                    Group.DATA,
                    "file",
                    "Texts to measure the chosen checkpoint on. Left out: split off the data."),
            Setting.of(
                    "data.text_column",
                    Group.DATA,
                    "name|index",
                    "Column of the text, index from 0. Left out: detected."),
            Setting.of(
                    "data.text_pair_column",
                    Group.DATA,
                    "name|index",
                    "Column of the second text of a pair. Left out: none."),
            Setting.of(
                    "data.label_column",
                    Group.DATA,
                    "name|index",
                    "Column of the label, index from 0. Left out: detected."),
            Setting.of("data.format", Group.DATA, "format", "csv, tsv or jsonl. Left out: the file's name says it."),
            Setting.of(
                    "data.quoting",
                    Group.DATA,
                    "mode",
                    "auto, quoted (RFC 4180) or raw (quotes are plain characters)."),
            Setting.of("data.delimiter", Group.DATA, "char", "One character, or tab. Left out: goes by the format."),
            Setting.of("data.encoding", Group.DATA, "charset", "Character set of the files."),
            Setting.of("data.header", Group.DATA, "auto|yes|no", "Whether the first row names the columns."),
            Setting.of(
                    "data.bad_rows",
                    Group.DATA,
                    "refuse|skip",
                    "What to do with a row that does not fit: refuse the file, or leave the row out and count it."),
            Setting.of("data.validation_fraction", Group.DATA, "share", "Share of rows split off for validation."),
            Setting.of("data.test_fraction", Group.DATA, "share", "Share of rows split off for test."),
            Setting.of("data.split_seed", Group.DATA, "n", "Seed of the stratified split."),
            Setting.of("data.max_line_chars", Group.LIMITS, "n", "Longest accepted field, in characters."),
            Setting.of("data.max_rows", Group.LIMITS, "n", "Most rows held in memory."),
            Setting.of("data.max_labels", Group.LIMITS, "n", "Most different labels."),
            Setting.of("data.max_unpacked_bytes", Group.LIMITS, "n", "Most bytes that a .gz file may unpack to."),
            Setting.of(
                    "model.model_name_or_path",
                    Group.MODEL,
                    "name|dir|hf:owner/name[@revision]",
                    "What to start from: a name from 'parlance models', a directory in Hugging Face layout, a model of the"
                            + " Hub, or linear, which needs none and trains in seconds. auto takes the built-in that fits the language of the data.",
                    "--model"),
            Setting.of("model.max_length", Group.MODEL, "tokens", "Longest text; longer ones are cut."),
            Setting.of("model.dropout", Group.MODEL, "p", "Dropout; -1 keeps what the model's config.json says."),
            Setting.of(
                    "model.reset_head",
                    Group.MODEL,
                    "true|false",
                    "Start a new classification head even if the model has one."),
            Setting.of(
                    "output_dir",
                    Group.WHAT,
                    "dir",
                    "Directory of the finished model; auto is models/ and the data file's name.",
                    "--output",
                    "-o"),
            Setting.of(
                    "overwrite_output_dir",
                    Group.WHAT,
                    "true|false",
                    "Replace a model that is already there.",
                    "--overwrite"),
            Setting.of("task", Group.WHAT, "task", "text-classification is the only one so far."),
            Setting.of(
                    "linear.c",
                    Group.LINEAR,
                    "x",
                    "Inverse strength of the L2 penalty; auto (-1 in run files) takes the best of a grid from 1 to 100."),
            Setting.of("linear.word_ngram_range", Group.LINEAR, "min,max", "Lengths of word n-grams, or none."),
            Setting.of(
                    "linear.char_ngram_range",
                    Group.LINEAR,
                    "min,max",
                    "Lengths of character n-grams within words, or none."),
            Setting.of(
                    "linear.max_features", Group.LINEAR, "n", "Most n-grams of each kind; the most frequent are kept."),
            Setting.of("linear.min_df", Group.LINEAR, "n", "Fewest texts that an n-gram must occur in."),
            Setting.of("linear.sublinear_tf", Group.LINEAR, "true|false", "Count n-grams as 1 + ln(count)."),
            Setting.of("linear.lowercase", Group.LINEAR, "true|false", "Ignore case."),
            Setting.of("linear.tol", Group.LINEAR, "x", "Largest element of the gradient at which the fit ends."),
            Setting.of("linear.max_iter", Group.LINEAR, "n", "Most Newton steps of a fit."),
            Setting.of(
                    "linear.max_weights",
                    Group.LINEAR,
                    "n",
                    "Most labels x features; with more, fewer features are kept."),
            Setting.of(
                    Setting.LEARNING_RATE,
                    Group.TRAINING,
                    "rate",
                    "Peak learning rate; auto (-1 in run files) goes by the optimizer, for AdamW 1e-4, and is half as large for"
                            + " encoders wider than 512."),
            Setting.of(
                    "training.num_train_epochs", Group.TRAINING, "n", "Passes over the data; fractions are allowed."),
            Setting.of(
                    "training.per_device_train_batch_size",
                    Group.TRAINING,
                    "n|auto",
                    "Examples per batch; auto (-1 in run files) measures which is fastest within the memory."),
            Setting.of(
                    "training.per_device_eval_batch_size",
                    Group.TRAINING,
                    "n|auto",
                    "Examples per evaluation batch; auto as above."),
            Setting.of(
                    "training.optim",
                    Group.TRAINING,
                    "name",
                    "adamw_torch_fused, adam, sgd, momentum, nesterov, adagrad, rmsprop, adadelta, lion or adafactor."),
            Setting.of(
                    "training.optim_args",
                    Group.TRAINING,
                    "name=value,...",
                    "What only that optimizer takes, such as momentum=0.9,nesterov=true. Left out: its defaults."),
            Setting.of(
                    "training.weight_decay",
                    Group.TRAINING,
                    "x",
                    "Decoupled in AdamW, Lion and Adafactor; biases and layer norms have none."),
            Setting.of("training.adam_beta1", Group.TRAINING, "x", "Decay of the first moment (AdamW, Adam, Lion)."),
            Setting.of("training.adam_beta2", Group.TRAINING, "x", "Decay of the second moment (AdamW, Adam, Lion)."),
            Setting.of("training.adam_epsilon", Group.TRAINING, "x", "Added to the denominator (AdamW, Adam)."),
            Setting.of("training.max_grad_norm", Group.TRAINING, "x", "Norm to clip gradients to; 0 clips nothing."),
            Setting.of(
                    "training.lr_scheduler_type",
                    Group.TRAINING,
                    "type",
                    "linear, cosine, cosine_with_restarts, cosine_with_min_lr, polynomial, constant, constant_with_warmup,"
                            + " inverse_sqrt, one_cycle or reduce_lr_on_plateau."),
            Setting.of(
                    "training.lr_scheduler_kwargs",
                    Group.TRAINING,
                    "name=value,...",
                    "What only that schedule takes, such as num_cycles=3. Left out: its defaults."),
            Setting.of("training.warmup_ratio", Group.TRAINING, "share", "Share of the steps that warm up."),
            Setting.of(
                    "training.warmup_steps",
                    Group.TRAINING,
                    "n",
                    "Steps that warm up, instead of a share of them; 0 goes by warmup_ratio."),
            Setting.of(
                    "training.layerwise_lr_decay",
                    Group.TRAINING,
                    "x",
                    "Learning rate of a layer as a share of that of the layer after it; 1 gives all the same."),
            Setting.of(
                    "training.head_learning_rate",
                    Group.TRAINING,
                    "rate",
                    "Peak learning rate of the head; 0 takes that of the encoder."),
            Setting.of(
                    "training.freeze_layers",
                    Group.TRAINING,
                    "none|embeddings|n|all",
                    "What keeps its pretrained weights: the embeddings, they and the first n blocks, or all but the head."),
            Setting.of(
                    "training.unfreeze_layers_per_epoch",
                    Group.TRAINING,
                    "n",
                    "Train the head alone at first and n more blocks in each epoch; 0 trains all from the start."),
            Setting.of(
                    "training.label_smoothing_factor",
                    Group.TRAINING,
                    "share",
                    "Share of the target that is spread over all labels."),
            Setting.of(
                    "training.class_weights",
                    Group.TRAINING,
                    "mode",
                    "none, or balanced: rare labels weigh more, inversely to how often they occur."),
            Setting.of(
                    "training.group_by_length",
                    Group.TRAINING,
                    "true|false",
                    "Batches of texts of like length: less padding, faster."),
            Setting.of(
                    "training.precision",
                    Group.TRAINING,
                    "auto|fp32|bf16",
                    "auto takes bf16 where the processor computes it natively."),
            Setting.of(
                    "training.metric_for_best_model",
                    Group.TRAINING,
                    "name",
                    "Score by which the best checkpoint is chosen. Left out: macro_f1."),
            Setting.of(
                    "training.logging_strategy",
                    Group.TRAINING,
                    "steps|epoch|no",
                    "When the training loss that is shown is averaged anew."),
            Setting.of("training.logging_steps", Group.TRAINING, "n", "Steps that the shown loss is the mean of."),
            Setting.of(
                    "training.gradient_accumulation_steps",
                    Group.TRAINING,
                    "n",
                    "Batches that make one step, as if they were one: large batches in little memory."),
            Setting.of(
                    "training.max_steps",
                    Group.TRAINING,
                    "n",
                    "Steps in all, whatever num_train_epochs says; -1 goes by that."),
            Setting.of(
                    "training.max_time",
                    Group.TRAINING,
                    "time",
                    "Longest training, such as 90s, 10m or 1h30m; what was best by then is kept. Left out: no limit."),
            Setting.of(
                    "training.eval_strategy",
                    Group.TRAINING,
                    "epoch|steps|no",
                    "When to measure on the validation data; no measures at the end alone."),
            Setting.of(
                    "training.eval_steps",
                    Group.TRAINING,
                    "n",
                    "Steps between measurements, with --eval-strategy steps; 0 is 500."),
            Setting.of(
                    "training.early_stopping_patience",
                    Group.TRAINING,
                    "n",
                    "End after n measurements in a row without a gain; 0 never does."),
            Setting.of(
                    "training.early_stopping_threshold",
                    Group.TRAINING,
                    "x",
                    "By how much a score has to beat the best so far to count as a gain."),
            Setting.of(
                    "training.save_strategy",
                    Group.TRAINING,
                    "epoch|steps|best|no",
                    "When to write a checkpoint that --resume can go on from; a stop writes one too, but for no."),
            Setting.of(
                    "training.save_steps",
                    Group.TRAINING,
                    "n",
                    "Steps between checkpoints, with --save-strategy steps; 0 is 500."),
            Setting.of("training.save_total_limit", Group.TRAINING, "n", "Newest checkpoints to keep; 0 keeps all."),
            Setting.of(
                    "training.max_skipped_steps",
                    Group.TRAINING,
                    "n",
                    "Steps in a row that may be skipped since their loss or gradient is not finite."),
            Setting.of(
                    "training.auto_batch_seconds",
                    Group.TRAINING,
                    "s",
                    "About how long to measure where a batch size is auto."),
            Setting.of(
                    "training.max_tokens_per_batch",
                    Group.TRAINING,
                    "n",
                    "Most tokens of a batch, padding included, instead of a number of examples; 0 counts examples."),
            Setting.of(
                    "training.gradient_checkpointing",
                    Group.TRAINING,
                    "true|false",
                    "Compute blocks again in the backward pass instead of remembering them: slower, less memory, same"
                            + " result."),
            Setting.of(
                    "training.loss",
                    Group.TRAINING,
                    "name",
                    "cross_entropy, or focal: less weight for what the model already knows."),
            Setting.of("training.focal_gamma", Group.TRAINING, "x", "How much less, if the loss is focal."),
            Setting.of(
                    "training.r_drop_alpha",
                    Group.TRAINING,
                    "x",
                    "Weight of R-Drop, which draws two passes with different dropout to one answer; 0 makes one pass."),
            Setting.of(
                    "training.mixout",
                    Group.TRAINING,
                    "p",
                    "Probability with which weights of the encoder are the pretrained ones for a step."),
            Setting.of(
                    "training.ema_decay",
                    Group.TRAINING,
                    "x",
                    "Decay of the moving average of the weights that is measured and saved; 0 keeps none."),
            Setting.of(
                    "training.swa_start",
                    Group.TRAINING,
                    "share",
                    "Share of the steps after which weights are averaged, to be measured and saved; 0 never averages."),
            Setting.of(
                    "training.swa_steps",
                    Group.TRAINING,
                    "n",
                    "Steps between two weights that are averaged; 0 takes those at the end of each epoch."),
            Setting.of(
                            "training.profile_steps",
                            Group.TRAINING,
                            "n",
                            "Steps to profile: a Chrome trace and a table of where their time goes; 0 profiles none."
                                    + " Without a number: 10.",
                            "--profile")
                    .orBare(TrainingArguments.PROFILE_STEPS),
            Setting.of(
                    "training.profile_skip_steps",
                    Group.TRAINING,
                    "n",
                    "Steps before the profiled ones: the first ones are slower."),
            Setting.of("training.profile_max_events", Group.TRAINING, "n", "Most spans and operations in the trace."),
            Setting.of("training.threads", Group.TRAINING, "n", "Threads of the engine; 0 takes all processors."),
            Setting.of("training.seed", Group.TRAINING, "n", "Seed of initialisation, order and dropout."),
            Setting.of(
                    "tracking.runs_dir",
                    Group.TRACKING,
                    "dir",
                    "Where the run is recorded, in a directory of its own; auto is $PARLANCE_RUNS, else runs here.",
                    "--logging-dir"),
            Setting.of(
                    "tracking.report_to",
                    Group.TRACKING,
                    "all|jsonl|none",
                    "all also writes TensorBoard's files; none records nothing, as --no-tracking."),
            Setting.of(
                    "tracking.run_name",
                    Group.TRACKING,
                    "name",
                    "What the run's id ends with. Left out: the name of the output directory."),
            Setting.of(
                    "tracking.histogram_steps",
                    Group.TRACKING,
                    "n",
                    "Steps between two histograms of gradients and weights; 0 makes none."),
            Setting.of(
                    "tracking.wrong_predictions",
                    Group.TRACKING,
                    "n",
                    "Most validation texts that are recorded with their wrong prediction; 0 records none."));

    private final List<Setting> offered;
    private final Map<Setting, String> given = new LinkedHashMap<>();

    private Settings(List<Setting> offered) {
        this.offered = offered;
    }

    /** All settings of the groups. */
    static Settings of(Group first, Group... more) {
        Set<Group> groups = EnumSet.of(first, more);
        return new Settings(ALL.stream().filter(s -> groups.contains(s.group())).toList());
    }

    /** Only how to read a file, and settings with these paths: what commands need that do not train. */
    static Settings ofReading(String... more) {
        Set<String> splitting = new HashSet<>(Set.of(
                "data.train",
                "data.validation",
                "data.test",
                "data.validation_fraction",
                "data.test_fraction",
                "data.split_seed"));
        Set<String> wanted = Set.of(more);
        splitting.removeAll(wanted);
        return new Settings(ALL.stream()
                .filter(s -> s.group() == Group.DATA || s.group() == Group.LIMITS || wanted.contains(s.path()))
                .filter(s -> !splitting.contains(s.path()))
                .toList());
    }

    /** These but for one, whose option means something else in a command; {@code --set} still takes it. */
    Settings without(String path) {
        return new Settings(offered.stream().filter(s -> !s.path().equals(path)).toList());
    }

    void addTo(CommandSpec spec) {
        int order = 0;
        for (Group group : Group.values()) {
            ArgGroupSpec.Builder options = ArgGroupSpec.builder()
                    .heading("%n" + group.heading + ":%n")
                    .exclusive(false)
                    .validate(false)
                    .order(order++);
            List<Setting> members =
                    offered.stream().filter(s -> s.group() == group).toList();
            members.forEach(s -> options.addArg(s.option(given)));
            if (!members.isEmpty()) {
                spec.addArgGroup(options.build());
            }
        }
    }

    /** The given options over a run. */
    RunConfig applyTo(RunConfig config) {
        RunConfig result = config;
        for (Map.Entry<Setting, String> entry : given.entrySet()) {
            result = entry.getKey().apply(result, entry.getValue());
        }
        return result;
    }
}
