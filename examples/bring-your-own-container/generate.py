"""Writes the hours in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import math
import os
import random
import sys

HEADER = ("temperature", "humidity", "hour", "weekend", "rentals")


def hours(count):
    chance = random.Random(11)
    for _ in range(count):
        temperature, humidity = round(chance.uniform(-2, 32), 1), round(chance.uniform(30, 95))
        hour, weekend = chance.randrange(24), int(chance.random() < 2 / 7)
        angle = 2 * math.pi * hour / 24
        rented = 90 + 4 * temperature - 0.6 * humidity - 45 * math.sin(angle) - 50 * math.cos(angle) - 20 * math.cos(2 * angle) + 15 * weekend
        yield temperature, humidity, hour, weekend, max(0, round(rented + chance.gauss(0, 6)))


def write(folder, part, rows):
    os.makedirs(os.path.join(folder, part), exist_ok=True)
    with open(os.path.join(folder, part, "rentals.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    every = list(hours(600))
    write(to, "train", every[:480])
    write(to, "validation", every[480:])
