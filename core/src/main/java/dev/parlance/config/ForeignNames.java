package dev.parlance.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Settings by the names that Hugging Face's {@code Trainer} has for them, had before, or that people type from habit. The
 * tables are all there is: a name that is in none of them is unknown.
 */
public final class ForeignNames {
    private static final ObjectNode KNOWN = ConfigFiles.toTree(RunConfig.defaults());

    /** Names of one setting: the first word is its path, the others are what else it is called. */
    private static final Map<String, String> SAME = same(
            "training.eval_strategy evaluation_strategy",
            "training.per_device_train_batch_size per_gpu_train_batch_size train_batch_size batch_size",
            "training.per_device_eval_batch_size per_gpu_eval_batch_size eval_batch_size",
            "training.learning_rate lr peak_lr",
            "training.num_train_epochs epochs num_epochs n_epochs",
            "training.gradient_accumulation_steps accumulate_grad_batches grad_accum_steps gradient_accumulation",
            "training.max_grad_norm gradient_clip_val clip_grad_norm max_norm",
            "training.lr_scheduler_type lr_scheduler scheduler",
            "training.warmup_ratio warmup_proportion",
            "training.warmup_steps num_warmup_steps",
            "training.label_smoothing_factor label_smoothing",
            "training.adam_epsilon adam_eps",
            "training.early_stopping_patience patience",
            "training.early_stopping_threshold min_delta",
            "training.layerwise_lr_decay layer_wise_lr_decay layer_decay llrd",
            "training.optim optimizer",
            "training.optim_args optimizer_args",
            "training.max_tokens_per_batch max_tokens tokens_per_batch",
            "training.gradient_checkpointing activation_checkpointing",
            "training.loss loss_type",
            "training.focal_gamma focal_loss_gamma",
            "training.r_drop_alpha rdrop_alpha r_drop",
            "training.mixout mixout_prob mixout_p",
            "training.ema_decay ema",
            "training.swa_start swa_epoch_start",
            "training.max_time max_train_time time_limit",
            "training.seed random_seed random_state",
            "training.threads num_threads n_jobs",
            "model.model_name_or_path model_name pretrained_model_name_or_path",
            "model.max_length max_seq_length max_seq_len max_len",
            "model.dropout hidden_dropout_prob dropout_rate",
            "model.reset_head ignore_mismatched_sizes",
            "data.train train_file training_file data_file",
            "data.validation validation_file dev_file eval_file",
            "data.test test_file",
            "data.text_column text_column_name text_column_names sentence1_key",
            "data.text_pair_column sentence2_key",
            "data.label_column label_column_name label_col",
            "data.delimiter sep separator",
            "tracking.runs_dir logging_dir");

    /** Names whose value is another one here. */
    private static final Map<String, Instead> INSTEAD = Map.of(
            "bf16", new Instead("training.precision", value -> text(isOff(value) ? "fp32" : "bf16")),
            "adafactor", new Instead("training.optim", value -> text(isOff(value) ? "adamw_torch_fused" : "adafactor")),
            "auto_find_batch_size",
                    new Instead(
                            "training.per_device_train_batch_size",
                            value -> isOff(value)
                                    ? JsonNodeFactory.instance.numberNode(TrainingArguments.TRAIN_BATCH_SIZE)
                                    : text("auto")));

    private static final Map<String, String> NO_EFFECT = reasons(
            "do_train do_eval do_predict=a run always trains and measures",
            "load_best_model_at_end=the best checkpoint is what is measured and saved in any case",
            "greater_is_better=it follows from training.metric_for_best_model",
            "no_cuda use_cpu use_mps_device no_gpu=everything is computed on the processor",
            "dataloader_num_workers dataloader_pin_memory dataloader_prefetch_factor dataloader_persistent_workers"
                    + "=texts are tokenized before the first step",
            "dataloader_drop_last=the last batch of an epoch is always used",
            "logging_first_step=the first step is always shown",
            "disable_tqdm log_level log_level_replica log_on_each_node=progress goes by the terminal",
            "remove_unused_columns=only the columns of text and label are read",
            "save_safetensors=weights are always saved as safetensors",
            "save_only_model save_on_each_node skip_memory_metrics past_index prediction_loss_only"
                    + " eval_accumulation_steps local_rank ddp_find_unused_parameters ddp_backend ddp_timeout"
                    + " ddp_bucket_cap_mb ddp_broadcast_buffers average_tokens_across_devices bf16_full_eval"
                    + "=it has no counterpart in one process on a processor",
            "full_determinism=the same seed gives the same bits in any case",
            "data_seed=the order of the data follows from training.seed",
            "ignore_data_skip=a resumed run goes on in the data where it was");

    private static final Map<String, String> UNSUPPORTED = reasons(
            "fp16 fp16_full_eval fp16_opt_level fp16_backend half_precision_backend"
                    + "=processors have no fast fp16; training.precision takes auto, fp32 or bf16",
            "tf32=processors have no tf32; training.precision takes auto, fp32 or bf16",
            "deepspeed fsdp fsdp_config fsdp_min_num_params accelerator_config parallelism_config sharded_ddp tpu_num_cores"
                    + "=a run is one process on one machine, whose processors training.threads says",
            "torch_compile torch_compile_backend torch_compile_mode torchdynamo jit_mode_eval use_ipex use_liger_kernel"
                    + " liger_kernel_config=there is nothing to compile or replace: kernels are chosen for the processor",
            "push_to_hub push_to_hub_model_id hub_model_id hub_token hub_strategy hub_private_repo hub_always_push"
                    + " hub_revision=nothing is uploaded; the finished model is a directory that any Hub takes",
            "resume_from_checkpoint=use parlance train --resume DIR",
            "project trackio_space_id=no service is reported to; tracking.run_name names a run",
            "max_train_samples max_eval_samples max_predict_samples=all rows are used; shorten the file",
            "eval_delay eval_on_start batch_eval_metrics include_for_metrics include_inputs_for_metrics label_names"
                    + "=measurements go by training.eval_strategy alone",
            "neftune_noise_alpha=for small data there are training.r_drop_alpha and training.mixout",
            "optim_target_modules=optimizers of that kind are not built in",
            "gradient_checkpointing_kwargs=training.gradient_checkpointing has only on and off",
            "length_column_name group_by_length_column=lengths are counted when texts are tokenized",
            "swa_lr=weights are averaged at the learning rate of the schedule; see training.lr_scheduler_type",
            "sortish_sampler predict_with_generate generation_max_length generation_num_beams generation_config"
                    + "=they are for models that write text");

    private ForeignNames() {}

    /** What a foreign name means here. */
    public sealed interface Meaning {}

    /**
     * Another name of a setting.
     *
     * @param path of the setting, such as {@code training.learning_rate}
     */
    public record Same(String path) implements Meaning {}

    /**
     * A name whose value is that of another setting, once translated.
     *
     * @param path of the setting
     * @param translation of the value; a switch that is given without one is true
     */
    public record Instead(String path, Function<JsonNode, JsonNode> translation) implements Meaning {}

    /**
     * A name that is accepted and changes nothing.
     *
     * @param why in words that follow a colon
     */
    public record NoEffect(String why) implements Meaning {}

    /**
     * A name of something that there is not; refused unless its value switches it off.
     *
     * @param instead what there is, in words that follow a colon
     */
    public record Unsupported(String instead) implements Meaning {}

    /** The meaning of a key that is no setting where it stands; also camelCase, hyphens and a setting of another group. */
    public static Optional<Meaning> of(String key) {
        String name = snake(key);
        Optional<String> path = elsewhere(name).or(() -> Optional.ofNullable(SAME.get(name)));
        if (path.isPresent()) {
            return path.filter(ForeignNames::exists).map(Same::new);
        }
        Instead instead = INSTEAD.get(name);
        if (instead != null && exists(instead.path())) {
            return Optional.of(instead);
        }
        String effect = NO_EFFECT.get(name);
        String unsupported = UNSUPPORTED.get(name);
        return effect != null
                ? Optional.of(new NoEffect(effect))
                : Optional.ofNullable(unsupported).map(Unsupported::new);
    }

    /** Whether a value says that something is not wanted. */
    public static boolean isOff(JsonNode value) {
        String text = value.asText().strip().toLowerCase(Locale.ROOT);
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isValueNode() && text.matches("|false|no|none|null|0|0\\.0"));
    }

    /** The line that refuses an unsupported name. */
    public static String refusal(String name, Unsupported meaning) {
        return name + " is a setting of Hugging Face's Trainer that Parlance does not have: " + meaning.instead();
    }

    /** A key of any group, or of none, that a user may have put elsewhere. */
    private static Optional<String> elsewhere(String name) {
        if (KNOWN.has(name) && !KNOWN.get(name).isObject()) {
            return Optional.of(name);
        }
        return KNOWN.properties().stream()
                .filter(group -> group.getValue().isObject() && group.getValue().has(name))
                .map(group -> group.getKey() + "." + name)
                .findFirst();
    }

    private static boolean exists(String path) {
        return !KNOWN.at("/" + path.replace('.', '/')).isMissingNode();
    }

    private static String snake(String key) {
        return key.replace('-', '_').replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    private static Map<String, String> same(String... lines) {
        Map<String, String> paths = new HashMap<>();
        for (String line : lines) {
            String[] names = line.split(" ", -1);
            for (int i = 1; i < names.length; i++) {
                putOnce(paths, names[i], names[0]);
            }
        }
        return paths;
    }

    /** Each line is names, an equals sign and what is said of them. */
    private static Map<String, String> reasons(String... lines) {
        Map<String, String> reasons = new HashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            for (String name : line.substring(0, equals).split(" ", -1)) {
                putOnce(reasons, name, line.substring(equals + 1));
            }
        }
        return reasons;
    }

    private static void putOnce(Map<String, String> table, String name, String value) {
        if (table.put(name, value) != null) {
            throw new IllegalStateException(name + " is in the table twice");
        }
    }
}
