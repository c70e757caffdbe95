"""Reference numbers of the linear model: features of TfidfVectorizer and coefficients of LogisticRegression.

usage: python runs/reference/linear.py > train/src/test/resources/dev/parlance/train/linear/scikit-learn.json

The texts are made here, from word lists and a few hard cases (punctuation, digits, accents, an emoji, one-letter words,
words shorter and longer than the n-grams); no data set is needed. Features are those of a FeatureUnion of words (1, 2) and
char_wb (2, 5), in alphabetical order within each. Written with scikit-learn 1.9.1 and numpy's default precision (double).
"""

import json
import random
import sys

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from scipy.sparse import hstack

HARD = [
    "",
    "a",
    "I a I",
    "don't stop -- 3.14 km/h, 24/7!",
    "Ünïcödé café naïve ÉCOLE",
    "snake_case and CamelCase_99",
    "x  y\t z\n\nend",
    "emoji \U0001f600 here",
    "supercalifragilisticexpialidocious",
    "to to to to be be",
]
WORDS = {
    "positive": "good great fine superb lovely charming witty bright moving clever".split(),
    "negative": "bad awful dull poor broken boring lousy weak tired messy".split(),
    "neutral": "late early long short blue green north south old new".split(),
}
COMMON = "the a film story plot and was is of with very it this that in on".split()


def texts(seed):
    draw = random.Random(seed)
    rows = []
    for i in range(90):
        label = sorted(WORDS)[i % 3]
        words = [draw.choice(COMMON) for _ in range(draw.randint(2, 8))]
        words += [draw.choice(WORDS[label if draw.random() < 0.8 else draw.choice(sorted(WORDS))]) for _ in range(2)]
        draw.shuffle(words)
        rows.append((" ".join(words) + draw.choice([".", "!", "", " ..."]), label))
    rows += [(text, sorted(WORDS)[i % 3]) for i, text in enumerate(HARD)]
    return rows


def features(train, sublinear, min_df):
    options = dict(sublinear_tf=sublinear, min_df=min_df, lowercase=True, norm="l2", use_idf=True, smooth_idf=True)
    words = TfidfVectorizer(ngram_range=(1, 2), **options).fit(train)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **options).fit(train)
    return words, chars


def case(name, rows, sublinear, min_df, c, class_weight):
    train = [text for text, _ in rows]
    labels = [label for _, label in rows]
    words, chars = features(train, sublinear, min_df)
    new = ["a good but very dull film", "Nothing known: zzz", "late, late \U0001f600 and bright", ""]
    x = hstack([words.transform(train), chars.transform(train)]).tocsr()
    y = hstack([words.transform(new), chars.transform(new)]).tocsr()
    model = LogisticRegression(C=c, tol=1e-10, max_iter=10000, class_weight=class_weight).fit(x, labels)
    return {
        "name": name,
        "sublinear_tf": sublinear,
        "min_df": min_df,
        "c": c,
        "class_weight": class_weight or "none",
        "train": [list(row) for row in rows],
        "word_features": words.get_feature_names_out().tolist(),
        "char_features": chars.get_feature_names_out().tolist(),
        "labels": model.classes_.tolist(),
        "coefficients": model.coef_.tolist(),
        "intercepts": model.intercept_.tolist(),
        "texts": new,
        "features": [
            {str(int(j)): float(v) for j, v in zip(row.indices, row.data)} for row in y
        ] + [{str(int(j)): float(v) for j, v in zip(row.indices, row.data)} for row in x[-10:]],
        "probabilities": model.predict_proba(y).tolist(),
    }


three = texts(7)
two = [row for row in three if row[1] != "neutral"]
json.dump(
    {
        "scikit_learn": sklearn.__version__,
        "cases": [
            case("three labels", three, True, 2, 10.0, None),
            case("three labels, balanced, plain counts", three[:70] + three[90:], False, 1, 1.0, "balanced"),
            case("two labels", two, True, 2, 3.0, None),
        ],
    },
    sys.stdout,
)
