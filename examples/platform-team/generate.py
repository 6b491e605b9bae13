"""Writes the claims in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import os
import random
import sys


def claims():
    dice = random.Random(11)
    for _ in range(300):
        age, value, speed = dice.randint(0, 15), dice.randint(3, 60), dice.randint(5, 90)
        yield age, value, speed, round(0.4 * speed + 0.5 * value - 0.8 * age + 15 + dice.gauss(0, 3), 1)


def main():
    folder = os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "data"), "train")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "claims.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["car_age", "car_value", "speed", "damage"])
        writer.writerows(claims())


if __name__ == "__main__":
    main()
