"""Writes the payments in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import math
import os
import random
import sys

HEADER = ("fraud", "amount", "hour", "kilometres_from_home", "payments_today")


def payment(dice):
    amount = round(math.exp(dice.gauss(3.5, 1)), 2)
    hour = dice.randrange(24)
    kilometres = round(dice.expovariate(1 / 60), 1)
    today = min(12, int(dice.expovariate(0.5)))
    wish = amount / 90 + kilometres / 120 + 0.35 * today + (1.2 if hour < 5 else 0) - 4
    return int(dice.random() < 1 / (1 + math.exp(-2 * wish))), amount, hour, kilometres, today


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    dice = random.Random(3)
    os.makedirs(os.path.join(to, "train"), exist_ok=True)
    with open(os.path.join(to, "train", "payments.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *(payment(dice) for _ in range(800))])
