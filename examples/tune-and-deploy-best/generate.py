"""Writes the customers in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import math
import os
import random
import sys

HEADER = ("left", "months", "price", "calls_to_help", "minutes", "late_bills")


def customer(dice):
    months = dice.randint(1, 72)
    price = dice.choice([15, 25, 40, 60])
    calls = min(9, int(dice.expovariate(0.6)))
    minutes = dice.randint(0, 900)
    late = min(6, int(dice.expovariate(0.9)))
    # who pays much for little, or is new and keeps calling, goes; no straight line parts them from the others
    unused = price / 15 - minutes / 225
    wish = 1.6 * unused + 0.9 * calls * math.exp(-months / 18) + 0.5 * late * (unused > 0) - 2.0
    left = dice.random() < 1 / (1 + math.exp(-3 * wish))
    return int(left), months, price, calls, minutes, late


def write(folder, part, rows):
    os.makedirs(os.path.join(folder, part), exist_ok=True)
    with open(os.path.join(folder, part, "customers.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    dice = random.Random(11)
    rows = [customer(dice) for _ in range(1200)]
    write(to, "train", rows[:900])
    write(to, "validation", rows[900:])
