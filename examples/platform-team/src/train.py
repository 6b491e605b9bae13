"""Learns how severe the damage of a car is."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.linear_model import LinearRegression


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    claims = pd.read_csv(os.path.join(arguments.train, "claims.csv"))
    columns = claims[["car_age", "car_value", "speed"]].to_numpy()
    model = LinearRegression().fit(columns, claims["damage"])
    print(f"r2={model.score(columns, claims['damage']):.4f}", flush=True)
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))


if __name__ == "__main__":
    main()
