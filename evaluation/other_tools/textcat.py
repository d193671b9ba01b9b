"""spaCy's text categoriser: blank English and its bag of words."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from evaluation.other_tools.classifiers import SEED, Classifier
from evaluation.other_tools.questions import Question, Text
from models.fitting import Truth
from models.heads import Floats

DROP_OUT = 0.2
BATCH = 32
# About so many texts are seen in a training, and no text more than so many times.
SEEN, MOST_EPOCHS = 80_000, 10


@dataclass(frozen=True)
class Textcat:
    """One pipeline; its labels are the numbers of the columns."""

    pipeline: Language
    labels: tuple[str, ...]
    question: Question

    @cached_property
    def parts(self) -> Mapping[int, int]:
        """As saved: the tokeniser's rules and the weights."""
        return {id(self): len(self.pipeline.to_bytes())}

    def probabilities(self, texts: Sequence[Text]) -> Floats:
        """Give the probability of each label, texts x labels."""
        docs = self.pipeline.pipe(map(_joined, texts))
        return np.array([[doc.cats[k] for k in self.labels] for doc in docs], dtype=np.float32)

    def again(self, texts: Sequence[Text], truth: Truth) -> Classifier:
        """Learn from the beginning."""
        return fit_textcat(self.question, texts, truth)


def fit_textcat(question: Question, texts: Sequence[Text], truth: Truth) -> Classifier:
    """Train one; see `classifiers.Tool`."""
    fix_random_seed(SEED)
    pipeline = spacy.blank("en")
    labels = tuple(str(column) for column in range(truth.shape[1]))
    model = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": question.exclusive,
        "ngram_size": 1,
        "no_output_layer": False,
    }
    kind = "textcat" if question.exclusive else "textcat_multilabel"
    pipe = pipeline.add_pipe(kind, config={"model": model})
    for label in labels:
        pipe.add_label(label)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(
            pipeline.make_doc(_joined(text)), {"cats": dict(zip(labels, row, strict=True))}
        )
        for text, row in zip(texts, truth.astype(float).tolist(), strict=True)
    ]
    optimiser = pipeline.initialize(lambda: examples)
    order = random.Random(SEED)  # noqa: S311 - order of examples
    for _ in range(min(MOST_EPOCHS, max(1, SEEN // len(examples)))):
        order.shuffle(examples)
        for start in range(0, len(examples), BATCH):
            pipeline.update(examples[start : start + BATCH], sgd=optimiser, drop=DROP_OUT)
    return Textcat(pipeline, labels, question)


def _joined(text: Text) -> str:
    return "\n".join(text)
