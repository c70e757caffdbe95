"""Writes the reference numbers of ClassificationLossTest and MixoutTest with PyTorch, in double precision.

usage: python losses.py > train/src/test/resources/losses/expected.json

Each loss is written out from its paper: focal loss (Lin et al. 2017, equation 5) over a softmax; R-Drop (Liang et al. 2021)
with torch's kl_div, as the authors' code weighs its terms; mixout (Lee et al. 2020) as the authors' code mixes weights.
Gradients are autograd's.
"""
import json, sys
import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def rounded(tensor):
    return [float(f"{x:.12g}") for x in tensor.detach().flatten().tolist()]


def focal(logits, labels, gamma, weights):
    log_p = F.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
    loss = -((1 - log_p.exp()) ** gamma) * log_p
    w = torch.ones_like(loss) if weights is None else weights[labels]
    return (w * loss).sum() / w.sum()


def symmetric_kl(a, b):
    p, q = F.log_softmax(a, -1), F.log_softmax(b, -1)
    one = F.kl_div(p, q, log_target=True, reduction="batchmean")  # KL(q || p)
    other = F.kl_div(q, p, log_target=True, reduction="batchmean")
    return (one + other) / 2


def base(logits, labels, weights, smoothing, gamma):
    if gamma is None:
        return F.cross_entropy(logits, labels, weights, label_smoothing=smoothing)
    return focal(logits, labels, gamma, weights)


def case(name, rows=5, classes=4, weighted=False, smoothing=0.0, gamma=None, alpha=0.0, scale=2.0):
    labels = torch.randint(classes, (rows,))
    weights = torch.rand(classes) * 2 + 0.2 if weighted else None
    passes = [(torch.randn(rows, classes) * scale).float().double().requires_grad_() for _ in range(2 if alpha else 1)]
    if weights is not None:
        weights = weights.float().double()
    loss = sum(base(p, labels, weights, smoothing, gamma) for p in passes) / len(passes)
    if alpha:
        loss = loss + alpha * symmetric_kl(*passes)
    loss.backward()
    return {"name": name, "rows": rows, "classes": classes, "labels": labels.tolist(),
            "weights": None if weights is None else rounded(weights), "smoothing": smoothing, "gamma": gamma, "alpha": alpha,
            "passes": [rounded(p) for p in passes], "loss": loss.item(), "gradients": [rounded(p.grad) for p in passes]}


def mixout():
    w, u, x = (torch.randn(3, 4).float().double().requires_grad_(), torch.randn(3, 4).float().double(), torch.randn(2, 4).float().double())
    mask, p = torch.tensor([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 1]], dtype=torch.float64), 0.4
    mixed = (mask * u + (1 - mask) * w - p * u) / (1 - p)  # mask 1: the pretrained weight
    (x @ mixed.T).sum().backward()
    return {"p": p, "mask": rounded(mask), "weight": rounded(w), "pretrained": rounded(u), "x": rounded(x),
            "mixed": rounded(mixed), "gradient": rounded(w.grad)}


json.dump({"torch": torch.__version__, "losses": [
    case("cross entropy"), case("cross entropy, weighted and smoothed", weighted=True, smoothing=0.1),
    case("focal", gamma=2.0), case("focal, weighted", gamma=2.0, weighted=True), case("focal with gamma 0", gamma=0.0, weighted=True),
    case("focal with gamma 0.5", gamma=0.5), case("focal, sure of itself", gamma=2.0, scale=12.0),
    case("R-Drop", alpha=1.0), case("R-Drop, weighted and smoothed", alpha=4.0, weighted=True, smoothing=0.1),
    case("R-Drop with focal loss", alpha=2.0, gamma=2.0, weighted=True, rows=3, classes=2)], "mixout": mixout()},
    sys.stdout, indent=1)
print()
