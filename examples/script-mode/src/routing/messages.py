"""The files of the channels."""

import csv
import os


def rows_of(directory):
    for name in sorted(os.listdir(directory)):
        if name.endswith(".csv"):
            with open(os.path.join(directory, name), encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)


def read_messages(directory):
    rows = list(rows_of(directory))
    return [row["message"] for row in rows], [row["team"] for row in rows]


def read_words(directory):
    return {row["word"] for row in rows_of(directory)}
