"""Writes the readings in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import os
import random
import sys


def days(dice, count):
    for day in range(count):
        temperature, rain, weekend = round(dice.uniform(-2, 28), 1), round(max(0, dice.gauss(0, 4)), 1), int(day % 7 >= 5)
        yield temperature, rain, weekend, max(0, round(200 + 30 * temperature - 25 * rain + 150 * weekend + dice.gauss(0, 40)))


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    os.makedirs(os.path.join(to, "readings"), exist_ok=True)
    with open(os.path.join(to, "readings", "2025.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("temperature", "rain", "weekend", "hired"), *days(random.Random(11), 365)])
