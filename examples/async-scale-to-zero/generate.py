"""Writes the recording in data/: invented, the same one each time.

usage: python3 generate.py [folder]
"""

import csv
import math
import os
import random
import sys

HEADER = ("second", "celsius", "vibration")

if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    dice = random.Random(17)
    os.makedirs(os.path.join(to, "train"), exist_ok=True)
    with open(os.path.join(to, "train", "recording.csv"), "w", encoding="utf-8", newline="") as file:
        rows = ((second, round(40 + 6 * math.sin(second / 90) + dice.gauss(0, 0.8), 2), round(abs(dice.gauss(1, 0.2)), 3)) for second in range(1200))
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
