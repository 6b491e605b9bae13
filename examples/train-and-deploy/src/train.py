"""Trains a small neural network on images of handwritten digits."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--hidden-units", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.005)
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--test", default=os.environ.get("SM_CHANNEL_TEST"))
    return parser.parse_args()


def read_digits(directory):
    files = sorted(name for name in os.listdir(directory) if name.endswith(".csv"))
    digits = pd.concat([pd.read_csv(os.path.join(directory, name)) for name in files])
    return digits.drop(columns="label").to_numpy(), digits["label"].to_numpy()


def main():
    arguments = parse_arguments()
    images, labels = read_digits(arguments.train)
    test_images, test_labels = read_digits(arguments.test)

    scaler = MaxAbsScaler().fit(images)
    network = MLPClassifier(
        hidden_layer_sizes=(arguments.hidden_units,),
        learning_rate_init=arguments.learning_rate,
        batch_size=32,
        random_state=0,
    )
    for epoch in range(1, arguments.epochs + 1):
        network.partial_fit(scaler.transform(images), labels, classes=range(10))
        print(f"epoch={epoch} train_loss={network.loss_:.4f}", flush=True)

    model = make_pipeline(scaler, network)
    print(f"test_accuracy={accuracy_score(test_labels, model.predict(test_images)):.4f}", flush=True)
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))


if __name__ == "__main__":
    main()
