"""Tells which team messages are for: a list of texts in, a team and its probability for each out."""

import json

from routing import Router


def model_fn(model_dir):
    return Router.load(model_dir)


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"content type must be application/json, got {content_type}")
    messages = json.loads(body)
    if not isinstance(messages, list) or not all(isinstance(message, str) for message in messages):
        raise ValueError("the body must be a JSON list of texts")
    return messages


def predict_fn(messages, router):
    return router.route(messages)


def output_fn(answers, accept):
    return json.dumps(answers), "application/json"
