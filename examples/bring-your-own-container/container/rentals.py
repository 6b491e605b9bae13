"""How many bicycles are rented in an hour: a linear model, learned by gradient descent. Standard library only."""

import json
import math
import os

# Where SageMaker puts everything. The variable is for where there is no container to have that path.
BASE = os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")
COLUMNS = ("temperature", "humidity", "hour", "weekend")


def path(*parts):
    return os.path.join(BASE, *parts)


def features(row):
    """Numbers of about the same size; the hour as a point on a circle, since 23 is next to 0."""
    temperature, humidity, hour, weekend = row
    angle = 2 * math.pi * hour / 24
    return [1.0, temperature / 30, humidity / 100, math.sin(angle), math.cos(angle), math.sin(2 * angle), math.cos(2 * angle), float(weekend)]


class Model:
    def __init__(self, weights=None):
        self.weights = weights or [0.0] * 8

    def predict(self, row):
        return sum(weight * value for weight, value in zip(self.weights, features(row)))

    def learn(self, rows, rentals, rate):
        """One step down the gradient of the squared error."""
        gradient = [0.0] * len(self.weights)
        for row, rented in zip(rows, rentals):
            values = features(row)
            error = sum(weight * value for weight, value in zip(self.weights, values)) - rented
            for index, value in enumerate(values):
                gradient[index] += error * value
        self.weights = [weight - rate * slope / len(rows) for weight, slope in zip(self.weights, gradient)]

    def error(self, rows, rentals):
        return math.sqrt(sum((self.predict(row) - rented) ** 2 for row, rented in zip(rows, rentals)) / len(rows))

    def save(self, file):
        with open(file, "w", encoding="utf-8") as out:
            json.dump({"columns": COLUMNS, "weights": self.weights}, out)

    @staticmethod
    def load(file):
        with open(file, encoding="utf-8") as saved:
            return Model(json.load(saved)["weights"])
