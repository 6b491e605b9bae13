"""Writes the listings in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import os
import random
import sys

DISTRICTS = {"harbour": 15.5, "old town": 17.0, "station": 12.5, "hill": 19.0, "meadows": 11.0}


def listing(dice):
    district = dice.choice(sorted(DISTRICTS))
    area = round(dice.uniform(25, 140), 1)
    built = dice.randrange(1900, 2024)
    has_balcony = dice.random() < 0.4
    rent = area * DISTRICTS[district] * (0.85 + (built - 1900) / 500) + 60 * has_balcony + dice.gauss(0, 40)
    return round(rent), district, area, built, "yes" if has_balcony else "no"


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    dice = random.Random(11)
    os.makedirs(os.path.join(to, "train"), exist_ok=True)
    with open(os.path.join(to, "train", "listings.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(listing(dice) for _ in range(600))
