"""The other half of bench/peers/run.sh: scikit-learn's voting and stacking on the same folds, and the table of both.

Usage: compare.py folder. Reads what `Workshop.Tests -- peers folder` has written there; prints Markdown. Its learners are the
usual ones with the usual settings, on imputed, scaled and one-hot columns; a price is learned as its logarithm.
"""

import json
import os
import sys
import warnings

import numpy
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR

FOLDS = 5
SEED = 42
TREES = 100
NEIGHBOURS = 15
NETWORKS = {"iris": ["accuracy", "log-loss"], "titanic": ["accuracy", "log-loss"], "housing": ["RMSE"]}
PEERS = ["voting", "stacking"]


def columns(data):
    """Numbers: missing ones are the median, then mean 0 and deviation 1. Words: an indicator per level."""
    numbers = [at for at, column in enumerate(data["columns"]) if not column["isWord"]]
    words = [at for at, column in enumerate(data["columns"]) if column["isWord"]]
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (
                "words",
                make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
                words,
            ),
        ]
    )


def learners(is_classification):
    if is_classification:
        return [
            ("logistic", LogisticRegression(max_iter=1000)),
            ("forest", RandomForestClassifier(TREES, random_state=SEED)),
            ("boosting", GradientBoostingClassifier(random_state=SEED)),
            ("neighbours", KNeighborsClassifier(NEIGHBOURS)),
            ("vectors", SVC(probability=True, random_state=SEED)),
        ]
    return [
        ("ridge", RidgeCV(numpy.logspace(-2, 3, 11))),
        ("forest", RandomForestRegressor(TREES, random_state=SEED)),
        ("boosting", GradientBoostingRegressor(random_state=SEED)),
        ("neighbours", KNeighborsRegressor(NEIGHBOURS)),
        ("vectors", SVR(epsilon=0.05)),
    ]


def ensemble(name, data):
    if data["isClassification"]:
        combine = {
            "voting": lambda: VotingClassifier(learners(True), voting="soft"),
            "stacking": lambda: StackingClassifier(learners(True), LogisticRegression(max_iter=1000), cv=FOLDS),
        }[name]()
        return make_pipeline(columns(data), combine)
    combine = {
        "voting": lambda: VotingRegressor(learners(False)),
        "stacking": lambda: StackingRegressor(learners(False), RidgeCV(numpy.logspace(-3, 3, 13)), cv=FOLDS),
    }[name]()
    return make_pipeline(columns(data), TransformedTargetRegressor(combine, func=numpy.log, inverse_func=numpy.exp))


def judge(name, data, rows, targets, folds):
    scores = {}
    for fold in range(FOLDS):
        model = ensemble(name, data)
        model.fit(rows[folds != fold], targets[folds != fold])
        truth = targets[folds == fold]
        if data["isClassification"]:
            shares = model.predict_proba(rows[folds == fold])
            figures = {
                "accuracy": float(numpy.mean(model.classes_[shares.argmax(axis=1)] == truth)),
                "log-loss": float(log_loss(truth, shares, labels=model.classes_)),
            }
        else:
            error = model.predict(rows[folds == fold]) - truth
            figures = {"RMSE": float(numpy.sqrt(numpy.mean(error**2)))}
        for measure, figure in figures.items():
            scores.setdefault(measure, []).append(figure)
    return scores


def read(folder, network):
    with open(os.path.join(folder, network + ".json"), encoding="utf-8") as file:
        data = json.load(file)
    is_word = [column["isWord"] for column in data["columns"]]
    rows = numpy.array(
        [
            [(cell or numpy.nan) if word else float(cell or "nan") for cell, word in zip(row, is_word)]
            for row in data["rows"]
        ],
        dtype=object,
    )
    return data, rows, numpy.array(data["targets"]), numpy.array(data["folds"])


def summarise(figures):
    return numpy.mean(figures), numpy.std(figures, ddof=1) / numpy.sqrt(len(figures))


def text(measure, figures, sign=""):
    form = sign + (".0f" if measure == "RMSE" else ".3f")
    return "{:{f}} ± {:{e}}".format(*summarise(figures), f=form, e=form.lstrip("+"))


def table(scores):
    heads = [f"{network}, {measure}" for network in NETWORKS for measure in NETWORKS[network]]
    print("| who | " + " | ".join(heads) + " |")
    print("| --- |" + " --: |" * len(heads))
    for who in scores["iris"]:
        name = f"scikit-learn, {who}" if who in PEERS else who
        cells = [text(measure, scores[network][who][measure]) for network in NETWORKS for measure in NETWORKS[network]]
        print(f"| {name} | " + " | ".join(cells) + " |")


def verdicts(scores):
    """The consensus against each, fold by fold; better is above 0."""
    print("\n| the consensus against | " + " | ".join(f"{n}, {m}" for n in NETWORKS for m in NETWORKS[n]) + " |")
    print("| --- |" + " --: |" * sum(map(len, NETWORKS.values())))
    members = [who for who in scores["iris"] if who not in PEERS and not who.startswith("(")]
    for other in [*PEERS, "(average)", "best member"]:
        cells = []
        for network, measures in NETWORKS.items():
            for measure in measures:
                sign = 1 if measure == "accuracy" else -1
                figures = {who: sign * numpy.array(scores[network][who][measure]) for who in scores[network]}
                best = max(members, key=lambda who: figures[who].mean()) if other == "best member" else other
                above = figures["(consensus)"] - figures[best]
                mean, error = summarise(above)
                # Ahead of the peers; not below our own by more than a standard error.
                missed = mean <= 0 if other in PEERS else mean < -error
                cell = text(measure, above, "+") + (f" ({best})" if other == "best member" else "")
                cells.append(f"**{cell}**" if missed else cell)
        print(f"| {'scikit-learn, ' + other if other in PEERS else other} | " + " | ".join(cells) + " |")


def main():
    warnings.filterwarnings("ignore")
    folder = sys.argv[1]
    with open(os.path.join(folder, "ours.json"), encoding="utf-8") as file:
        scores = json.load(file)
    for network in NETWORKS:
        data, rows, targets, folds = read(folder, network)
        for peer in PEERS:
            scores[network][peer] = judge(peer, data, rows, targets, folds)
    table(scores)
    verdicts(scores)


main()
