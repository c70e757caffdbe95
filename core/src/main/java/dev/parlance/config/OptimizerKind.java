package dev.parlance.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The optimizers: the names that {@code training.optim} takes and the arguments that {@code training.optim_args} may then
 * hold. Names are Hugging Face's where it has one.
 */
public enum OptimizerKind {
    /** Adam with decoupled weight decay (Loshchilov and Hutter, 2019). */
    ADAMW("adamw_torch_fused adamw_torch adamw", ""),
    /** Adam (Kingma and Ba, 2015); weight decay is added to the gradient. */
    ADAM("adam", ""),
    /** Plain gradient descent, with momentum if asked for; weight decay is added to the gradient. */
    SGD("sgd", Names.SGD),
    /** {@link #SGD} with a momentum of 0.9. */
    MOMENTUM("momentum", Names.SGD),
    /** {@link #SGD} with Nesterov's momentum of 0.9, as Sutskever et al. (2013) write it. */
    NESTEROV("nesterov", Names.SGD),
    /** Adagrad (Duchi et al., 2011). */
    ADAGRAD("adagrad", "eps lr_decay initial_accumulator_value"),
    /** RMSprop (Tieleman and Hinton, 2012), with centring (Graves, 2013) and momentum if asked for. */
    RMSPROP("rmsprop", "alpha eps momentum centered"),
    /** Adadelta (Zeiler, 2012). */
    ADADELTA("adadelta", "rho eps"),
    /** Lion (Chen et al., 2023); its betas are {@code adam_beta1} and {@code adam_beta2}. */
    LION("lion lion_32bit", ""),
    /** Adafactor (Shazeer and Stern, 2018) with the options of transformers' implementation. */
    ADAFACTOR("adafactor", Names.ADAFACTOR);

    private static final String SETTING = "training.optim_args";

    private final String names;
    private final String arguments;

    /** Constants that an enum cannot hold before its own. */
    private static final class Names {
        static final String SGD = "momentum dampening nesterov";
        static final String ADAFACTOR =
                "decay_rate clip_threshold beta1 scale_parameter relative_step warmup_init eps1 eps2";
        static final List<String> FLAGS =
                List.of("nesterov", "centered", "scale_parameter", "relative_step", "warmup_init");
        /** Bounds of the numbers, both inclusive. */
        static final Map<String, double[]> RANGES = Map.ofEntries(
                Map.entry("momentum", new double[] {0, 0.999999}),
                Map.entry("dampening", new double[] {0, 1}),
                Map.entry("eps", new double[] {0, 1}),
                Map.entry("lr_decay", new double[] {0, 1000}),
                Map.entry("initial_accumulator_value", new double[] {0, 1000}),
                Map.entry("alpha", new double[] {0, 0.999999}),
                Map.entry("rho", new double[] {0, 0.999999}),
                Map.entry("decay_rate", new double[] {-1, 0}),
                Map.entry("clip_threshold", new double[] {1e-6, 1e6}),
                Map.entry("beta1", new double[] {0, 0.999999}),
                Map.entry("eps1", new double[] {1e-38, 1}),
                Map.entry("eps2", new double[] {0, 1}));
    }

    /** Both are separated by spaces; the preferred name comes first. */
    OptimizerKind(String names, String arguments) {
        this.names = names;
        this.arguments = arguments;
    }

    /** The kind with a name. */
    public static OptimizerKind of(String optim) {
        Map<String, OptimizerKind> known = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(kind -> split(kind.names).forEach(name -> known.put(name, kind)));
        OptimizerKind kind = known.get(optim);
        if (kind == null) {
            throw new UserError("training.optim is '" + optim + "'"
                    + Spelling.nearest(optim, known.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(", expected one of " + String.join(", ", known.keySet())));
        }
        return kind;
    }

    /** Momentum of the three that descend along the gradient itself. */
    public double momentum(NamedValues args) {
        return args.number("momentum", this == SGD ? 0 : 0.9);
    }

    /** Whether that momentum is Nesterov's. */
    public boolean nesterov(NamedValues args) {
        return args.flag("nesterov", this == NESTEROV);
    }

    /** Whether Adafactor computes its learning rate itself. */
    public boolean isRelativeStep(NamedValues args) {
        return this == ADAFACTOR && args.flag("relative_step", false);
    }

    /** Refuses arguments that this optimizer does not take or that contradict one another. */
    void check(String optim, NamedValues args, double learningRate) {
        args.checkNames(SETTING, split(arguments), "training.optim " + optim);
        Names.FLAGS.forEach(name -> args.checkFlag(SETTING, name));
        Names.RANGES.forEach((name, range) -> args.checkNumber(SETTING, name, range[0], range[1]));
        if (nesterov(args) && momentum(args) == 0) {
            throw new UserError(
                    (args.flag("nesterov", false) ? SETTING + " has nesterov=true" : "training.optim is " + optim)
                            + " but momentum is 0, expected a momentum such as momentum=0.9 in " + SETTING);
        }
        if (nesterov(args) && args.number("dampening", 0) != 0) {
            throw new UserError(SETTING + " has dampening=" + args.word("dampening", "")
                    + " with Nesterov's momentum, which has none; leave one of them out");
        }
        if (args.flag("warmup_init", false) && !isRelativeStep(args)) {
            throw new UserError(SETTING + " has warmup_init=true but not relative_step=true, which it belongs to");
        }
        if (isRelativeStep(args) && learningRate != TrainingArguments.AUTO && learningRate != 1) {
            throw new UserError("training.learning_rate is " + learningRate + " but " + SETTING
                    + " has relative_step=true, which computes its own; leave one of them out");
        }
    }

    private static List<String> split(String words) {
        return words.isEmpty() ? List.of() : List.of(words.split(" "));
    }
}
