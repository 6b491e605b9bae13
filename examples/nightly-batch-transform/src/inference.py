"""Tells how unusual readings are: lines of hour and kWh in, a line with a score for each out."""

import csv
import io
import os

import joblib


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "usual.joblib"))


def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return [(int(hour), float(kwh)) for hour, kwh in csv.reader(io.StringIO(text))]


def predict_fn(readings, usual):
    return [abs(kwh - usual[hour][0]) / usual[hour][1] for hour, kwh in readings]


def output_fn(scores, accept):
    return "\n".join(f"{score:.2f}" for score in scores), "text/csv"
