"""Tells how many bikes will be hired: a list of [temperature, rain, weekend] in, a number for each out, and how many days are behind it."""

import json
import os

import joblib
import pandas as pd

FEATURES = ["temperature", "rain", "weekend"]


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "bikes.joblib"))


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"content type must be application/json, got {content_type}")
    return json.loads(body)


def predict_fn(days, trained):
    hired = trained["model"].predict(pd.DataFrame(days, columns=FEATURES))
    return {"hired": [round(float(each)) for each in hired], "days": trained["days"]}


def output_fn(answer, accept):
    return json.dumps(answer), "application/json"
