"""Tells how likely payments are fraud: a JSON list of rows in, a list of probabilities out."""

import json
import os

import joblib
import numpy as np


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"content type must be application/json, got {content_type}")
    return np.array(json.loads(body), dtype=float)


def predict_fn(rows, model):
    return model.predict_proba(rows)[:, 1]


def output_fn(probabilities, accept):
    return json.dumps([round(float(probability), 4) for probability in probabilities]), "application/json"
