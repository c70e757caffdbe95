"""Writes what torch.optim and transformers compute: the fixtures of the optimizer and schedule tests.

    python runs/reference/optimizers.py train/src/test/resources/optimizers

optimizers.json: some parameters after some of 60 steps in float64, for each optimizer and its options. The gradient of a
number w at index i of a parameter is c_i (w - t_i) + noise(i, step), so that it is the same in every language. Weight
decay is 0 for biases and layer norms, as from transformers' Trainer. Lion is in neither library: program 1 of its paper.
schedules.json: the learning rate as a share of its peak at each step, from transformers' get_scheduler and torch.
"""

import json
import pathlib
import sys

import torch
import transformers
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

SHAPES = {"embeddings.weight": [9, 4], "dense.weight": [4, 5], "dense.bias": [5], "LayerNorm.weight": [5]}
STEPS = 60
SAVED = [1, 2, 3, 5, 10, 20, 40, 60]

# name: training.optim, training.optim_args, learning rate, weight decay, other settings
CASES = {
    "sgd": ("sgd", "", 0.05, 0.1, {}),
    "momentum": ("momentum", "", 0.02, 0.1, {}),
    "momentum-dampened": ("sgd", "momentum=0.8,dampening=0.3", 0.02, 0.1, {}),
    "nesterov": ("nesterov", "", 0.02, 0.1, {}),
    "adagrad": ("adagrad", "", 0.1, 0.1, {}),
    "adagrad-decayed": ("adagrad", "lr_decay=0.05,initial_accumulator_value=0.1,eps=1e-6", 0.1, 0.1, {}),
    "rmsprop": ("rmsprop", "", 0.01, 0.1, {}),
    "rmsprop-centered": ("rmsprop", "alpha=0.9,momentum=0.5,centered=true,eps=1e-4", 0.005, 0.1, {}),
    "adadelta": ("adadelta", "", 1.0, 0.1, {}),
    "adadelta-rho": ("adadelta", "rho=0.95,eps=1e-4", 0.5, 0.1, {}),
    "adam": ("adam", "", 0.02, 0.1, {}),
    "adamw": ("adamw_torch_fused", "", 0.02, 0.1, {}),
    "adamw-betas": ("adamw_torch", "", 0.02, 0.1, {"adam_beta1": 0.8, "adam_beta2": 0.95, "adam_epsilon": 1e-4}),
    "lion": ("lion", "", 0.01, 0.1, {"adam_beta2": 0.99}),
    "adafactor": ("adafactor", "", 0.02, 0.1, {}),
    "adafactor-momentum": ("adafactor", "beta1=0.9,clip_threshold=0.5,decay_rate=-0.5", 0.02, 0.1, {}),
    "adafactor-relative": ("adafactor", "scale_parameter=true,relative_step=true", 1.0, 0.1, {}),
    "adafactor-warmup": ("adafactor", "scale_parameter=true,relative_step=true,warmup_init=true", 1.0, 0.0, {}),
}


class Lion(torch.optim.Optimizer):
    """Chen et al. (2023), program 1."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                self.state[p]["m"] = beta2 * m + (1 - beta2) * p.grad
                p -= group["lr"] * (update + group["weight_decay"] * p)


def fraction(*numbers):
    """A number in [-0.5, 0.5) that looks random, exact in every language: for indices of a few thousand at most."""
    h = 0
    for n in numbers:
        h = (h * 31 + n * 7919 + 1) % 100003
    return h / 100003 - 0.5


def numbers(salt, parameter, size):
    return torch.tensor([fraction(salt, parameter, i) for i in range(size)], dtype=torch.float64)


def parse(args):
    values = dict(pair.split("=") for pair in args.split(",")) if args else {}
    return {k: v == "true" if v in ("true", "false") else float(v) for k, v in values.items()}


def create(case, groups):
    optim, args, lr, decay, settings = case
    kwargs = parse(args)
    beta1, beta2 = settings.get("adam_beta1", 0.9), settings.get("adam_beta2", 0.999)
    eps = settings.get("adam_epsilon", 1e-8)
    if optim in ("sgd", "momentum", "nesterov"):
        kwargs.setdefault("momentum", 0.0 if optim == "sgd" else 0.9)
        return torch.optim.SGD(groups, lr=lr, **dict(kwargs, nesterov=optim == "nesterov"))
    if optim == "adagrad":
        return torch.optim.Adagrad(groups, lr=lr, **kwargs)
    if optim == "rmsprop":
        return torch.optim.RMSprop(groups, lr=lr, **kwargs)
    if optim == "adadelta":
        return torch.optim.Adadelta(groups, lr=lr, **kwargs)
    if optim == "adam":
        return torch.optim.Adam(groups, lr=lr, betas=(beta1, beta2), eps=eps)
    if optim.startswith("adamw"):
        return torch.optim.AdamW(groups, lr=lr, betas=(beta1, beta2), eps=eps)
    if optim == "lion":
        return Lion(groups, lr=lr, betas=(beta1, beta2), weight_decay=decay)
    kwargs.setdefault("scale_parameter", False)
    kwargs.setdefault("relative_step", False)
    return transformers.Adafactor(groups, lr=None if kwargs["relative_step"] else lr, **kwargs)


def run(case):
    parameters, rates, targets = {}, {}, {}
    for index, (name, shape) in enumerate(SHAPES.items()):
        size = torch.Size(shape).numel()
        parameters[name] = torch.nn.Parameter((2 * numbers(1, index, size)).reshape(shape))
        rates[name] = (1 + numbers(2, index, size)).reshape(shape)
        targets[name] = numbers(3, index, size).reshape(shape)
    decayed = [p for n, p in parameters.items() if not n.endswith("bias") and "LayerNorm" not in n]
    plain = [p for n, p in parameters.items() if n.endswith("bias") or "LayerNorm" in n]
    groups = [{"params": decayed, "weight_decay": case[3]}, {"params": plain, "weight_decay": 0.0}]
    optimizer = create(case, groups)
    saved = {}
    for step in range(1, STEPS + 1):
        for index, (name, p) in enumerate(parameters.items()):
            noise = numbers(100 + step, index, p.numel()).reshape(p.shape)
            p.grad = rates[name] * (p.detach() - targets[name]) + noise
        optimizer.step()
        if step in SAVED:
            saved[step] = {n: p.detach().flatten().tolist() for n, p in parameters.items()}
    return saved


PEAK = 2e-3
# name: type, kwargs, steps, warmup steps
SCHEDULES = {
    "linear": ("linear", {}, 50, 7),
    "linear-no-warmup": ("linear", {}, 50, 0),
    "constant": ("constant", {}, 20, 0),
    "constant_with_warmup": ("constant_with_warmup", {}, 20, 6),
    "cosine": ("cosine", {}, 50, 7),
    "cosine-cycles": ("cosine", {"num_cycles": 1.5}, 50, 7),
    "cosine_with_restarts": ("cosine_with_restarts", {}, 50, 7),
    "cosine_with_restarts-3": ("cosine_with_restarts", {"num_cycles": 3}, 50, 7),
    "cosine_with_min_lr": ("cosine_with_min_lr", {"min_lr": 2e-4}, 50, 7),
    "cosine_with_min_lr-rate": ("cosine_with_min_lr", {"min_lr_rate": 0.3, "num_cycles": 1}, 50, 7),
    "polynomial": ("polynomial", {}, 50, 7),
    "polynomial-2": ("polynomial", {"power": 2, "lr_end": 1e-4}, 50, 7),
    "inverse_sqrt": ("inverse_sqrt", {}, 50, 7),
    "inverse_sqrt-no-warmup": ("inverse_sqrt", {}, 50, 0),
    "inverse_sqrt-timescale": ("inverse_sqrt", {"timescale": 20}, 50, 7),
    "one_cycle": ("one_cycle", {}, 50, 0),
    "one_cycle-linear": ("one_cycle", {"pct_start": 0.2, "div_factor": 10, "anneal_strategy": "linear"}, 50, 0),
    "one_cycle-three": ("one_cycle", {"three_phase": True, "final_div_factor": 100}, 50, 0),
}

SCORES = [0.5, 0.6, 0.61, 0.6, 0.61, 0.60, 0.59, 0.7, 0.7, 0.7, 0.70004, 0.7, 0.69, 0.72, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
# name: kwargs, whether a greater score is better
PLATEAUS = {
    "max": ({"patience": 2}, True),
    "max-cooldown": ({"patience": 1, "factor": 0.5, "cooldown": 2, "threshold": 0.02}, True),
    "min": ({"patience": 2, "factor": 0.3, "min_lr": 1e-4}, False),
    "min-abs": ({"patience": 0, "factor": 0.5, "threshold": 0.05, "threshold_mode": "abs", "eps": 1e-4}, False),
}


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)


def schedule(kind, kwargs, steps, warmup):
    sgd = optimizer()
    if kind == "one_cycle":
        scheduler = OneCycleLR(sgd, max_lr=PEAK, total_steps=steps, cycle_momentum=False, **kwargs)
    else:
        scheduler = transformers.get_scheduler(kind, sgd, warmup, steps, scheduler_specific_kwargs=kwargs)
    factors = []
    for _ in range(steps):
        factors.append(sgd.param_groups[0]["lr"] / PEAK)
        sgd.step()
        if len(factors) < steps:
            scheduler.step()
    return factors


def plateau(kwargs, greater):
    sgd = optimizer()
    scheduler = ReduceLROnPlateau(sgd, mode="max" if greater else "min", **kwargs)
    factors = []
    for score in SCORES:
        scheduler.step(score)
        factors.append(sgd.param_groups[0]["lr"] / PEAK)
    return factors


def text(kwargs):
    return ",".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in kwargs.items())


def main():
    torch.set_num_threads(1)
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    made_by = {"torch": torch.__version__, "transformers": transformers.__version__}
    cases = {}
    for name, case in CASES.items():
        optim, args, lr, decay, settings = case
        cases[name] = dict(settings, optim=optim, optim_args=args, learning_rate=lr, weight_decay=decay)
        cases[name] = {"settings": cases[name], "parameters": run(case)}
    (target / "optimizers.json").write_text(
        json.dumps({"made_by": made_by, "shapes": SHAPES, "steps": STEPS, "cases": cases}) + "\n"
    )
    schedules = {
        name: {"type": kind, "kwargs": text(kwargs), "steps": steps, "warmup": warmup,
               "factors": schedule(kind, kwargs, steps, warmup)}
        for name, (kind, kwargs, steps, warmup) in SCHEDULES.items()
    }
    plateaus = {
        name: {"kwargs": text(kwargs), "greater_is_better": greater, "factors": plateau(kwargs, greater)}
        for name, (kwargs, greater) in PLATEAUS.items()
    }
    (target / "schedules.json").write_text(
        json.dumps({"made_by": made_by, "peak": PEAK, "schedules": schedules, "scores": SCORES, "plateaus": plateaus})
        + "\n"
    )


if __name__ == "__main__":
    main()
