"""What a text classifier must do to take the reader's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from evaluation.other_tools.questions import Question, Text
from models.fitting import Truth
from models.heads import Floats

SEED = 1


class Classifier(Protocol):
    """Answers one question about texts."""

    @property
    def parts(self) -> Mapping[int, int]:
        """The bytes of each part, by the part's identity: what two share counts once."""
        ...

    def probabilities(self, texts: Sequence[Text]) -> Floats:
        """Give the probability of each label, texts x labels."""
        ...

    def again(self, texts: Sequence[Text], truth: Truth) -> Classifier:
        """Give one that has learnt from *texts* in place of its own.

        What costs much to learn (a tuned encoder) may be kept.
        """
        ...


class Tool(Protocol):
    """Makes a classifier for a question."""

    def __call__(self, question: Question, texts: Sequence[Text], truth: Truth) -> Classifier:
        """Learn from *texts* and their answers, texts x labels."""
        ...
