"""Finds what is odd in a recording: lines of second, temperature and vibration in, a JSON list of the odd seconds out."""

import csv
import io
import json
import os

import joblib
import numpy as np

# standard deviations from what is usual
ODD = 5


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "usual.joblib"))


def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return np.array(list(csv.reader(io.StringIO(text))), dtype=float)


def predict_fn(rows, usual):
    return rows[np.abs(usual.transform(rows[:, 1:])).max(axis=1) > ODD, 0]


def output_fn(seconds, accept):
    return json.dumps([int(second) for second in seconds]), "application/json"
