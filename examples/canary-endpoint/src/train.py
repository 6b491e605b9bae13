"""Learns which payments were fraud."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--strength", type=float, default=1)
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    arguments = parser.parse_args()

    payments = pd.read_csv(os.path.join(arguments.train, "payments.csv"))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=arguments.strength))
    model.fit(payments.drop(columns="fraud").to_numpy(), payments["fraud"])
    print(f"train_accuracy={model.score(payments.drop(columns='fraud').to_numpy(), payments['fraud']):.4f}", flush=True)
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))


if __name__ == "__main__":
    main()
