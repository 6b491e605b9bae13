"""The classifier, and how it is kept."""

import os

import joblib
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from .text import Stemmer

FILE = "router.joblib"


class Router:
    """Learns message by message; says how sure it is."""

    def __init__(self, teams, language, stop_words, alpha, averaged, seed):
        self.teams = sorted(teams)
        self.words = HashingVectorizer(analyzer=Stemmer(language, stop_words), n_features=2**12)
        self.classifier = SGDClassifier(loss="log_loss", alpha=alpha, average=averaged, random_state=seed)

    def learn(self, messages, teams):
        self.classifier.partial_fit(self.words.transform(messages), teams, classes=self.teams)

    def accuracy(self, messages, teams):
        return self.classifier.score(self.words.transform(messages), teams)

    def route(self, messages):
        shares = self.classifier.predict_proba(self.words.transform(messages))
        return [{"team": self.teams[row.argmax()], "probability": round(float(row.max()), 4)} for row in shares]

    def save(self, directory):
        joblib.dump(self, os.path.join(directory, FILE))

    @staticmethod
    def load(directory):
        return joblib.load(os.path.join(directory, FILE))
