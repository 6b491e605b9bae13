"""Trains a router of messages: which team is each of them for?"""

import argparse
import json
import os

from routing import Router, read_messages, read_words


def boolean(text):
    """Of the texts that Python (`True`) and JSON (`true`) have for it; `bool("False")` would be true."""
    return {"true": True, "false": False}[text.lower()]


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--alpha", type=float, default=1e-4)
    parser.add_argument("--averaged", type=boolean, default=False)
    parser.add_argument("--language", default="english")
    parser.add_argument("--seed", type=int, default=0)
    for channel in ("train", "validation", "stop-words"):
        parser.add_argument("--" + channel, default=os.environ.get("SM_CHANNEL_" + channel.upper()))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    arguments, _ = parser.parse_known_args()
    return arguments


def main():
    arguments = parse_arguments()
    # A list is easier to have from SM_HPS, which is JSON, than from an argument.
    ignored = json.loads(os.environ.get("SM_HPS", "{}")).get("ignore", [])
    messages, teams = read_messages(arguments.train)
    held_messages, held_teams = read_messages(arguments.validation)
    stop_words = read_words(arguments.stop_words) | set(ignored)
    print(f"messages={len(messages)} stop_words={len(stop_words)}", flush=True)

    router = Router(set(teams), arguments.language, stop_words, arguments.alpha, arguments.averaged, arguments.seed)
    for epoch in range(1, arguments.epochs + 1):
        router.learn(messages, teams)
        print(f"epoch={epoch} train_accuracy={router.accuracy(messages, teams):.4f} "
              f"validation_accuracy={router.accuracy(held_messages, held_teams):.4f}", flush=True)
    router.save(arguments.model_dir)


if __name__ == "__main__":
    main()
