"""Writes the messages in data/: invented, the same ones each time.

usage: python3 generate.py [folder]
"""

import csv
import os
import random
import sys

SUBJECTS = {
    "billing": ["invoice", "payment", "refund", "credit card", "receipt", "direct debit", "subscription fee", "discount"],
    "delivery": ["parcel", "delivery", "package", "courier", "shipment", "tracking number", "doorstep", "address label"],
    "account": ["password", "login", "user name", "email address", "profile", "account", "security question", "newsletter"],
    "technical": ["app", "screen", "update", "battery", "bluetooth connection", "charger", "firmware", "sensor"],
}
COMPLAINTS = {
    "billing": ["was charged twice", "is higher than agreed", "never arrived on my bank statement", "shows the wrong tax", "has been deducted too early"],
    "delivery": ["is late again", "was left at the neighbours", "arrived damaged", "has not moved for a week", "went to the wrong street"],
    "account": ["is locked", "can't be changed", "is not recognised any more", "was taken by somebody else", "needs to be deleted"],
    "technical": ["keeps crashing", "freezes after a minute", "doesn't turn on", "loses its connections", "is not charging"],
}
OPENINGS = ["Hello,", "Good morning,", "Hi there,", "Dear team,", "Help!"]
REQUESTS = ["Please look into it.", "What can I do?", "Could you help me?", "I have been waiting for days.", "Who is responsible for this?"]
STOP_WORDS = ["a", "again", "and", "any", "at", "by", "can", "could", "do", "for", "has", "have", "i", "in", "into", "is", "it", "its", "me", "my", "on", "the", "this", "to", "was", "what", "you"]


def messages():
    every = [
        (team, f"{opening} my {subject} {complaint}. {request}")
        for team in SUBJECTS
        for subject in SUBJECTS[team]
        for complaint in COMPLAINTS[team]
        for opening, request in zip(OPENINGS, REQUESTS)
    ]
    random.Random(7).shuffle(every)
    return every[:400]


def write(folder, part, name, header, rows):
    os.makedirs(os.path.join(folder, part), exist_ok=True)
    with open(os.path.join(folder, part, name), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    to = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    rows = messages()
    write(to, "train", "messages.csv", ("team", "message"), rows[:320])
    write(to, "validation", "messages.csv", ("team", "message"), rows[320:])
    write(to, "stop-words", "english.csv", ("word",), [(word,) for word in STOP_WORDS])
