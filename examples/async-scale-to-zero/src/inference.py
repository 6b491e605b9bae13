"""Finds what is odd in a recording: lines of second, temperature and vibration in, a JSON list of the odd seconds out."""

import csv
import io
import json
import os

import joblib
import numpy as np


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return np.array(list(csv.reader(io.StringIO(text))), dtype=float)


def predict_fn(rows, model):
    return rows[model.predict(rows[:, 1:]) < 0, 0]


def output_fn(seconds, accept):
    return json.dumps([int(second) for second in seconds]), "application/json"
