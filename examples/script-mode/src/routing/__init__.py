"""Which team a message is for. Used by the training script and by the inference script alike."""

from .messages import read_messages, read_words
from .model import Router

__all__ = ["Router", "read_messages", "read_words"]
