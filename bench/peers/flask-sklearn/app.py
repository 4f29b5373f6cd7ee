"""The peer of bench/predictors: the usual way to serve a scikit-learn model, Flask under gunicorn.

It answers the same task as a predictor: GET /predict on iris, checked arguments, the protocol's inference response.
MODEL chooses the learner: linear (logistic regression) or boosting (histogram gradient boosting).
"""

import csv
import math
import os
import uuid

import numpy
from flask import Flask, jsonify, request
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COLUMNS = ["sepalLength", "sepalWidth", "petalLength", "petalWidth"]
DATA = os.path.join(os.path.dirname(__file__), "../../../Predictors/Data/iris.csv")
MODELS = {
    "linear": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=4, random_state=42),
}

with open(DATA, newline="") as file:
    rows = list(csv.DictReader(file))
name = os.environ.get("MODEL", "linear")
model = MODELS[name]()
model.fit(numpy.array([[float(row[c]) for c in COLUMNS] for row in rows]), [row["species"] for row in rows])
labels = [str(label) for label in model.classes_]
app = Flask(__name__)


@app.get("/predict")
def predict():
    errors = {given: ["There is no such argument."] for given in request.args if given not in COLUMNS}
    flower = []
    for column in COLUMNS:
        values = request.args.getlist(column)
        try:
            value = float(values[0]) if len(values) == 1 else math.nan
        except ValueError:
            value = math.nan
        if not 0.1 <= value <= 20:
            errors[column] = ["Must be given once, as a number from 0.1 to 20."]
        flower.append(value)
    if errors:
        return jsonify(status=400, errors=errors), 400
    shares = [float(share) for share in model.predict_proba(numpy.array([flower]))[0]]
    best = labels[shares.index(max(shares))]
    return jsonify(
        model_name="iris",
        model_version="1",
        id=str(uuid.uuid4()),
        parameters={"predictor": name, "prediction": best, "confidence": max(shares)},
        outputs=[
            {"name": "label", "shape": [1], "datatype": "BYTES", "data": [best]},
            {
                "name": "probabilities",
                "shape": [1, len(labels)],
                "datatype": "FP64",
                "data": shares,
                "parameters": {"labels": labels},
            },
        ],
    )
