"""Who is measured: the reader as it is served, and what it must beat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotation.contrast_sets import load_contrasts
from annotation.corpus import TwiceLabelled
from annotation.labels import LabelledContact
from evaluation.baselines import Predict, fit_majority, load_keywords
from evaluation.evaluate import Contestant, judge
from evaluation.judge import judge_with
from evaluation.outcomes import Outcome, from_labels
from models.artefact import load_tfidf
from models.config import load_config
from models.predict import TFIDF
from models.train import fit_tfidf
from nlp.reading import Reader

READER = "reader"
# The training run of the released reader.
CONFIG = Path(__file__).parent.parent / "models" / "configs" / "tfidf.toml"
TITLES = {
    READER: "The reader (for authors left out: the linear reader, trained again without them)",
    "linear": "The linear reader (TF-IDF) alone, the fallback",
    "keywords": "Keywords",
    "majority": "Commonest label",
    "author": "Author of the contact",
    "second": "Second annotator",
}


def unseen_contestants() -> tuple[Contestant, ...]:
    """Give the contestants that learn from the other authors: the reader first."""
    return (
        Contestant(READER, fit_reader),
        Contestant("keywords", fit_keywords),
        Contestant("majority", fit_majority),
    )


def fit_reader(train: Sequence[LabelledContact]) -> Predict:
    """Train the reader as it is released, and serve it."""
    return judge_with(fit_tfidf(train, load_config(CONFIG), contrasts=load_contrasts()))


def fit_keywords(train: Sequence[LabelledContact]) -> Predict:
    """Give the keyword baseline, which learns nothing from *train*."""
    del train
    return load_keywords().predict


def judge_served(
    contacts: Sequence[LabelledContact], train: Sequence[LabelledContact], reader: Reader
) -> dict[str, tuple[Outcome, ...]]:
    """Give the outcomes of the released reader, and of baselines from all of *train*."""
    return {
        READER: judge(judge_with(reader), contacts),
        "linear": judge(judge_with(load_tfidf(TFIDF)), contacts),
        "keywords": judge(load_keywords().predict, contacts),
        "majority": judge(fit_majority(train), contacts),
    }


def judge_unread(
    contacts: Sequence[LabelledContact],
    second: Sequence[LabelledContact],
    train: Sequence[LabelledContact],
    reader: Reader,
) -> dict[str, tuple[Outcome, ...]]:
    """Give the outcomes of `judge_served`, and of a second annotator of the same contacts."""
    annotated = zip(contacts, second, strict=True)
    return judge_served(contacts, train, reader) | {
        "second": tuple(Outcome(own, from_labels(other)) for own, other in annotated)
    }


def judge_dev(
    contacts: Sequence[TwiceLabelled], train: Sequence[LabelledContact], reader: Reader
) -> dict[str, tuple[Outcome, ...]]:
    """Give the outcomes on dev of all that `judge_served` asks, and of the annotators."""
    outcomes = judge_served([contact.adjudicated for contact in contacts], train, reader)
    for who in ("author", "second"):
        outcomes[who] = tuple(
            Outcome(contact.adjudicated, from_labels(getattr(contact, who))) for contact in contacts
        )
    return outcomes
