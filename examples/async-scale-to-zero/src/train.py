"""Learns how a machine sounds that runs as it should."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    recording = pd.read_csv(os.path.join(arguments.train, "recording.csv"))
    usual = StandardScaler().fit(recording[["celsius", "vibration"]].to_numpy())
    print(f"seconds={len(recording)}", flush=True)
    joblib.dump(usual, os.path.join(arguments.model_dir, "usual.joblib"))


if __name__ == "__main__":
    main()
