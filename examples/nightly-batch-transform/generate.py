"""Writes the readings in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import os
import random
import sys

USUAL = [0.2, 0.2, 0.2, 0.2, 0.3, 0.5, 1.1, 1.4, 0.9, 0.6, 0.5, 0.7, 1.0, 0.8, 0.6, 0.6, 0.9, 1.5, 1.9, 1.8, 1.4, 1.0, 0.6, 0.3]
LEAKS = {"2026-01-05": {"m-04": 5.0}, "2026-01-06": {"m-01": 4.0, "m-09": 6.0}}


def usual(dice, hour):
    return round(USUAL[hour] * dice.gauss(1, 0.15), 3)


def write(folder, part, header, rows):
    os.makedirs(os.path.join(folder, part), exist_ok=True)
    with open(os.path.join(folder, part, "readings.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([*header, *rows])


def night(dice, leaks):
    for meter in (f"m-{number:02}" for number in range(1, 13)):
        for hour in range(24):
            reading = usual(dice, hour)
            yield meter, hour, round(reading * leaks[meter], 3) if meter in leaks and hour < 5 else reading


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    dice = random.Random(5)
    write(to, "train", [("hour", "kwh")], [(hour, usual(dice, hour)) for _ in range(40) for hour in range(24)])
    for date, leaks in LEAKS.items():
        write(to, os.path.join("nights", date), [], night(dice, leaks))
