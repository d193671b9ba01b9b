"""What the simulation tries, and the council that each author stands in for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from annotation.labels import LabelledContact
from annotation.splits import leave_one_author_out
from evaluation.parts import Part


class Start(StrEnum):
    """What there is before the first label of the council's own."""

    CORPUS = "corpus"
    NOTHING = "nothing"


class Choice(StrEnum):
    """How the next contacts to label are chosen."""

    ACTIVE = "active"
    RANDOM = "random"


class Plan(Part):
    """One simulation.

    ``labels`` are how many contacts are labelled, each cut at what there is; after them comes the
    whole pool. ``seeds`` are of the halves and of what is random, so many for each start.
    ``weight`` is how many contacts of the corpus one of the council's own counts for, where both
    are there; ``folds`` are the groups of authors that calibration learns from.
    """

    labels: tuple[int, ...] = (0, 10, 20, 40)
    seeds: Mapping[Start, int] = {Start.CORPUS: 1, Start.NOTHING: 2}
    weight: float = 3.0
    folds: int = 3
    authors: int | None = None
    resamples: int = 2_000


FAST = Plan(labels=(0, 10), seeds={Start.CORPUS: 1, Start.NOTHING: 1}, authors=1, resamples=200)


@dataclass(frozen=True)
class Council:
    """An author left out: half of their contacts may be labelled, half are the locked test."""

    author: str
    seed: int
    others: tuple[LabelledContact, ...]
    pool: tuple[LabelledContact, ...]
    test: tuple[LabelledContact, ...]


def make_councils(
    contacts: Iterable[LabelledContact], *, seed: int, authors: int | None = None
) -> Iterator[Council]:
    """Give a council for each author, or for the first so many.

    Raises:
        CorpusError: If there are fewer than two authors, or one of them is held back.
    """
    for fold in tuple(leave_one_author_out(contacts))[:authors]:
        order = np.random.default_rng(seed).permutation(len(fold.test)).tolist()
        half = len(order) // 2
        yield Council(
            author=fold.authors[0],
            seed=seed,
            others=fold.train,
            pool=tuple(fold.test[number] for number in order[:half]),
            test=tuple(fold.test[number] for number in order[half:]),
        )
