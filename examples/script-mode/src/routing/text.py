"""From a message to the stems of its words."""

import re

import snowballstemmer

WORD = re.compile(r"[a-z']+")


class Stemmer:
    """`deliveries were delayed` -> `deliveri`, `delay`: without the stop words."""

    def __init__(self, language, stop_words):
        self.language = language
        self.stop_words = frozenset(stop_words)

    def __call__(self, message):
        words = [word for word in WORD.findall(message.lower()) if word not in self.stop_words]
        return snowballstemmer.stemmer(self.language).stemWords(words)
