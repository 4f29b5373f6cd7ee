"""An outsider that joins the workshop's iris network with nothing more than GET /iris/predict.

The model is a softmax over the distances to the three species' mean flowers, learned at start from the file given with
--data, but for the rows that members are judged on. It needs Flask and nothing else: apt-get install python3-flask
"""

import argparse
import csv
import hashlib
import math
import pathlib
import uuid

from flask import Flask, jsonify, request

COLUMNS = ["sepalLength", "sepalWidth", "petalLength", "petalWidth"]
LABELS = ["setosa", "versicolor", "virginica"]
LOWEST_CM, HIGHEST_CM = 0.1, 20.0
DATA = pathlib.Path(__file__).resolve().parents[2] / "Predictors" / "Data" / "iris.csv"


def held_out(line):
    """The workshop's rule: about one row in ten is kept to judge members by."""
    return hashlib.sha256(line.encode()).digest()[0] < 26


def learn(path):
    """Mean flower of each species, and the spread of each measure within its species."""
    header, *lines = pathlib.Path(path).read_text().splitlines()
    rows = list(csv.DictReader([header, *(line for line in lines if not held_out(line))]))
    flowers = {label: [[float(row[c]) for c in COLUMNS] for row in rows if row["species"] == label] for label in LABELS}
    means = {label: [sum(column) / len(column) for column in zip(*flowers[label])] for label in LABELS}
    squares = [0.0] * len(COLUMNS)
    for label in LABELS:
        for flower in flowers[label]:
            for i, value in enumerate(flower):
                squares[i] += (value - means[label][i]) ** 2
    return means, [math.sqrt(total / len(rows)) for total in squares]


def probabilities(flower, means, spread):
    """Softmax of minus half the squared distance, measured in spreads: one per label."""
    scores = [
        -0.5 * sum(((value - mean) / width) ** 2 for value, mean, width in zip(flower, means[label], spread))
        for label in LABELS
    ]
    highest = max(scores)
    shares = [math.exp(score - highest) for score in scores]
    return [share / sum(shares) for share in shares]


def read(arguments):
    """The flower in a query, or what is wrong with each argument."""
    errors = {name: ["There is no such argument."] for name in arguments if name not in COLUMNS}
    flower = []
    for name in COLUMNS:
        values = arguments.getlist(name)
        try:
            value = float(values[0]) if len(values) == 1 else math.nan
        except ValueError:
            value = math.nan
        if not LOWEST_CM <= value <= HIGHEST_CM:
            errors[name] = [f"Must be given once, as a number from {LOWEST_CM} to {HIGHEST_CM}."]
        flower.append(value)
    return flower, errors


def create(path):
    means, spread = learn(path)
    app = Flask(__name__)

    @app.get("/predict")
    @app.get("/iris/predict")
    def predict():
        flower, errors = read(request.args)
        if errors:
            problem = jsonify(type="about:blank", title="Bad Request", status=400, errors=errors)
            problem.mimetype = "application/problem+json"
            return problem, 400
        shares = probabilities(flower, means, spread)
        best = LABELS[shares.index(max(shares))]
        return jsonify(
            model_name="iris",
            model_version="1",
            id=str(uuid.uuid4()),
            parameters={"predictor": "flask-predictor", "prediction": best, "confidence": max(shares)},
            outputs=[
                {"name": "label", "shape": [1], "datatype": "BYTES", "data": [best]},
                {
                    "name": "probabilities",
                    "shape": [1, len(LABELS)],
                    "datatype": "FP64",
                    "data": shares,
                    "parameters": {"labels": LABELS},
                },
            ],
        )

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5300)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; this machine alone by default")
    parser.add_argument("--data", default=DATA)
    options = parser.parse_args()
    create(options.data).run(host=options.host, port=options.port, threaded=True)
