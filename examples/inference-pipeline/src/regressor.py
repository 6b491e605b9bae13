"""Makes a rent of numbers: lines of them in, a JSON list of rents out."""

import argparse
import csv
import glob
import io
import json
import os

import joblib
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "regressor.joblib"))


def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return np.array(list(csv.reader(io.StringIO(text))), dtype=float)


def predict_fn(rows, model):
    return model.predict(rows)


def output_fn(rents, accept):
    return json.dumps([round(float(rent)) for rent in rents]), "application/json"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    files = sorted(glob.glob(os.path.join(arguments.train, "**", "*.out"), recursive=True))
    table = np.concatenate([np.loadtxt(file, delimiter=",", ndmin=2) for file in files])
    rents, rows = table[:, 0], table[:, 1:]
    model = GradientBoostingRegressor(random_state=0).fit(rows, rents)
    print(f"train_r2={model.score(rows, rents):.4f}", flush=True)
    joblib.dump(model, os.path.join(arguments.model_dir, "regressor.joblib"))


if __name__ == "__main__":
    main()
