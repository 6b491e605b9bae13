"""Makes numbers of listings. Trains on lines of rent, district, square metres, year and balcony; answers lines of numbers, with the rent first where one is given."""

import argparse
import csv
import io
import os

import joblib
import numpy as np

FEATURES = 4


def fit(rows):
    districts = sorted({district for district, *_ in rows})
    numbers = np.array([[float(area), float(built)] for _, area, built, _ in rows])
    return {"districts": districts, "mean": numbers.mean(axis=0).tolist(), "scale": numbers.std(axis=0).tolist()}


def encode(encoder, row):
    district, area, built, balcony = row
    numbers = [(float(value) - mean) / scale for value, mean, scale in zip((area, built), encoder["mean"], encoder["scale"])]
    return [*numbers, 1.0 if balcony == "yes" else 0.0, *(1.0 if district == each else 0.0 for each in encoder["districts"])]


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "encoder.joblib"))


def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8") if isinstance(body, bytes) else body)))
    for row in rows:
        if len(row) not in (FEATURES, FEATURES + 1):
            raise ValueError(f"a line must have district, square metres, year and balcony, and may have the rent before them, got {row}")
    return rows


def predict_fn(rows, encoder):
    return [[*row[:-FEATURES], *(f"{value:.6f}" for value in encode(encoder, row[-FEATURES:]))] for row in rows]


def output_fn(rows, accept):
    return "\n".join(",".join(row) for row in rows), "text/csv"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    with open(os.path.join(arguments.train, "listings.csv"), encoding="utf-8", newline="") as file:
        encoder = fit([row[-FEATURES:] for row in csv.reader(file)])
    print(f"districts={len(encoder['districts'])}", flush=True)
    joblib.dump(encoder, os.path.join(arguments.model_dir, "encoder.joblib"))


if __name__ == "__main__":
    main()
