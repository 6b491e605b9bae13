"""Learns what is usual in each hour of the day."""

import argparse
import os

import joblib
import pandas as pd


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    readings = pd.read_csv(os.path.join(arguments.train, "readings.csv"))
    usual = readings.groupby("hour")["kwh"].agg(["mean", "std"])
    print(f"hours={len(usual)} mean_kwh={usual['mean'].mean():.4f}", flush=True)
    joblib.dump({hour: (row["mean"], row["std"]) for hour, row in usual.iterrows()}, os.path.join(arguments.model_dir, "usual.joblib"))


if __name__ == "__main__":
    main()
