"""Tells how likely customers are to leave: a JSON list of rows in, a list of probabilities out."""

import json
import os

import joblib
import numpy as np


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"content type must be application/json, got {content_type}")
    rows = np.array(json.loads(body), dtype=float)
    if rows.ndim != 2 or rows.shape[1] != 5:
        raise ValueError(f"the body must be a list of rows of 5 numbers, got an array of shape {rows.shape}")
    return rows


def predict_fn(rows, model):
    return model.predict_proba(rows)[:, 1]


def output_fn(probabilities, accept):
    return json.dumps([round(float(probability), 4) for probability in probabilities]), "application/json"
