"""Tells which digit an image shows: rows of 64 pixels in, a digit and its probability for each row out."""

import io
import json
import os

import joblib
import numpy as np


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    if content_type == "application/json":
        rows = np.array(json.loads(body), dtype=float)
    elif content_type == "text/csv":
        rows = np.loadtxt(io.StringIO(body), delimiter=",")
    else:
        raise ValueError(f"content type must be application/json or text/csv, got {content_type}")
    return rows.reshape(-1, 64)


def predict_fn(images, model):
    return model.predict_proba(images)


def output_fn(probabilities, accept):
    digits = [{"digit": int(row.argmax()), "probability": round(float(row.max()), 4)} for row in probabilities]
    return json.dumps(digits), "application/json"
