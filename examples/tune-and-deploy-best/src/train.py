"""Learns which customers leave, with the hyperparameters that a tuning job tries."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--hidden-units", type=int, default=16)
    parser.add_argument("--activation", default="relu")
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    return parser.parse_args()


def read_customers(directory):
    customers = pd.read_csv(os.path.join(directory, "customers.csv"))
    return customers.drop(columns="left").to_numpy(float), customers["left"].to_numpy()


def main():
    arguments = parse_arguments()
    customers, left = read_customers(arguments.train)
    held, held_left = read_customers(arguments.validation)

    model = make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(arguments.hidden_units,),
            activation=arguments.activation,
            learning_rate_init=arguments.learning_rate,
            max_iter=arguments.epochs,
            n_iter_no_change=arguments.epochs,
            random_state=0,
        ),
    )
    model.fit(customers, left)
    auc = roc_auc_score(held_left, model.predict_proba(held)[:, 1])
    print(f"validation_auc={auc:.4f}", flush=True)
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))


if __name__ == "__main__":
    main()
