"""Learns how many bikes are hired, from all the readings that there are."""

import argparse
import glob
import os

import joblib
import pandas as pd
from sklearn.linear_model import LinearRegression

FEATURES = ["temperature", "rain", "weekend"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--readings", default=os.environ.get("SM_CHANNEL_READINGS"))
    arguments, _ = parser.parse_known_args()

    files = sorted(glob.glob(os.path.join(arguments.readings, "**", "*.csv"), recursive=True))
    readings = pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
    is_held = readings.index % 5 == 0
    train, held = readings[~is_held], readings[is_held]
    model = LinearRegression().fit(train[FEATURES], train["hired"])
    print(f"files={len(files)} days={len(readings)} validation_r2={model.score(held[FEATURES], held['hired']):.4f}", flush=True)
    joblib.dump({"model": model, "days": len(readings)}, os.path.join(arguments.model_dir, "bikes.joblib"))


if __name__ == "__main__":
    main()
