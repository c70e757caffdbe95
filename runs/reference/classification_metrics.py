"""Writes the reference numbers of ClassificationMetricsTest with scikit-learn and SciPy.

usage: python classification_metrics.py > core/src/test/resources/dev/parlance/metric/classification_metrics.json

Each case has a model's labels, gold indices, and probabilities (or predicted indices), and what the libraries say of them.
The expected calibration error has no function in scikit-learn: it is written out here with NumPy (15 bins, (low, high]).
"""
import json, math, platform, warnings
import numpy as np, scipy, sklearn
from scipy.stats import binomtest
from sklearn import metrics as m

warnings.filterwarnings("ignore")


def calibration_error(gold, probabilities, bins=15):
    predicted, confidence = probabilities.argmax(1), probabilities.max(1)
    edges, error = np.linspace(0, 1, bins + 1), 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs((predicted[inside] == gold[inside]).mean() - confidence[inside].mean())
    return error


def case(name, labels, gold, predicted=None, probabilities=None):
    k, gold = len(labels), np.array(gold)
    if probabilities is not None:
        predicted = probabilities.argmax(1)
    predicted = np.array(predicted)
    expected = {"accuracy": m.accuracy_score(gold, predicted), "balanced_accuracy": m.balanced_accuracy_score(gold, predicted)}
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = m.precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)
        expected.update({f"{average}_precision": p, f"{average}_recall": r, f"{average}_f1": f})
    expected["matthews_correlation"] = m.matthews_corrcoef(gold, predicted)
    kappa = m.cohen_kappa_score(gold, predicted)
    expected["cohen_kappa"] = 0.0 if math.isnan(kappa) else kappa
    interval = binomtest(int((gold == predicted).sum()), len(gold)).proportion_ci(0.95, "wilson")
    expected["accuracy_ci95_low"], expected["accuracy_ci95_high"] = interval.low, interval.high
    expected["majority_baseline_accuracy"] = np.bincount(gold).max() / len(gold)
    if probabilities is not None:
        expected["log_loss"] = m.log_loss(gold, probabilities, labels=range(k))
        expected["expected_calibration_error"] = calibration_error(gold, probabilities)
        if k > 5:
            expected["top_3_accuracy"] = m.top_k_accuracy_score(gold, probabilities, k=3, labels=range(k))
    p, r, f, s = m.precision_recall_fscore_support(gold, predicted, labels=range(k), zero_division=0)
    return {
        "name": name, "labels": labels, "gold": gold.tolist(), "predicted": predicted.tolist(),
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "metrics": {key: float(value) for key, value in expected.items()},
        "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "support": s.tolist(),
        "confusion": m.confusion_matrix(gold, predicted, labels=range(k)).tolist(),
    }


rng = np.random.default_rng(7)


def random_probabilities(gold, k, skill):
    logits = rng.normal(size=(len(gold), k))
    logits[np.arange(len(gold)), gold] += skill
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


two = rng.integers(0, 2, 60)
seven = rng.choice(7, 90, p=[0.4, 0.2, 0.15, 0.1, 0.08, 0.07, 0.0])  # the last label never occurs in gold
cases = [
    case("two_labels", ["no", "yes"], two, probabilities=random_probabilities(two, 2, 1.2)),
    case("seven_labels_unbalanced", list("abcdefg"), seven, probabilities=random_probabilities(seven, 7, 1.5)),
    case("label_that_neither_occurs_nor_is_predicted", ["a", "b", "c"], [0, 1, 1, 0, 1], predicted=[0, 1, 0, 0, 1]),
    case("label_that_is_only_predicted", ["a", "b", "c"], [0, 1, 1, 0, 1], predicted=[0, 1, 2, 2, 1]),
    case("always_the_same_answer", ["a", "b"], [0, 1, 1, 0, 1], predicted=[1, 1, 1, 1, 1]),
    case("one_gold_label_all_right", ["a", "b"], [1, 1, 1], predicted=[1, 1, 1]),
    case("all_wrong", ["a", "b", "c"], [0, 1, 2], predicted=[1, 2, 0]),
    case("sure_and_wrong", ["a", "b"], [0, 1, 0], probabilities=np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])),
]
print(json.dumps({
    "origin": "runs/reference/classification_metrics.py",
    "versions": {"python": platform.python_version(), "scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
    "cases": cases,
}))
