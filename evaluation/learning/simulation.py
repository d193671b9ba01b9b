"""Label a council's contacts batch by batch, train after each, and test on the locked half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluation.learning.light_reader import LightReader, fit_light
from evaluation.learning.material import Material
from evaluation.learning.plan import Choice, Council, Plan, Start
from evaluation.metrics import Counts
from models.choosing.config import ChoosingConfig
from models.choosing.novelty import Novelty, count_words
from models.choosing.picking import Candidate, pick_batch
from models.config import TfidfConfig
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Element


@dataclass(frozen=True)
class Point:
    """One reader on one locked half.

    ``step`` is the place in the plan's labels, ``labels`` how many were labelled. ``status`` is
    ``[element, label, prediction]`` and ``level`` ``[label, prediction]``, both counts.
    """

    author: str
    seed: int
    start: Start
    choice: Choice
    step: int
    labels: int
    status: Counts
    level: Counts


def simulate(
    council: Council, start: Start, plan: Plan, *, config: TfidfConfig, choosing: ChoosingConfig
) -> Iterator[Point]:
    """Give the points of both ways to choose, from no label to the whole pool.

    From nothing there is no reader before the first labels, and no point.
    """
    desk = _Desk(council, start, plan, config)
    sizes = [min(labels, len(council.pool)) for labels in (*plan.labels, len(council.pool))]
    for choice in Choice:
        labelled: tuple[int, ...] = ()
        for step, size in enumerate(sizes):
            if choice is Choice.RANDOM:
                labelled = desk.shuffled[:size]
            elif size > len(labelled):
                labelled += desk.choose(labelled, size - len(labelled), choosing)
            if desk.others or labelled:
                status, level = desk.test(labelled)
                yield Point(council.author, council.seed, start, choice, step, size, status, level)


class _Desk:
    """Where one council labels; numbers are places in its pool."""

    def __init__(self, council: Council, start: Start, plan: Plan, config: TfidfConfig) -> None:
        self.others = council.others if start is Start.CORPUS else ()
        self.shuffled: tuple[int, ...] = tuple(
            np.random.default_rng(council.seed).permutation(len(council.pool)).tolist()
        )
        self._council = council
        self._weight = plan.weight if self.others else 1.0
        self._config = config.model_copy(update={"folds": plan.folds})
        given = (*self.others, *council.pool)
        # A council's contacts are by many people: each is its own author.
        groups = [
            *(each.author for each in self.others),
            *(each.id for each in council.pool),
        ]
        self._material = Material(given, groups, self._config)
        self._pool = [self._material.rows_of(contact) for contact in council.pool]
        self._locked = [self._material.rows_of(contact) for contact in council.test]
        self._words = count_words([read_document(contact.text) for contact in given])
        self._readers: dict[frozenset[int], LightReader] = {}
        self._tested: dict[frozenset[int], tuple[Counts, Counts]] = {}

    def choose(
        self, labelled: tuple[int, ...], most: int, choosing: ChoosingConfig
    ) -> tuple[int, ...]:
        """Choose as `python -m models choose` does, with what the linear reader itself tells.

        The released transformer has seen every author, so there is no second reader to differ.
        """
        left = [n for n in range(len(self._council.pool)) if n not in labelled]
        done = [*range(len(self.others)), *(len(self.others) + n for n in labelled)]
        novelty = Novelty(self._words[[len(self.others) + n for n in left]], self._words[done])
        candidates = [self._candidate(labelled, n) for n in left]
        seed = self._council.seed
        picks = pick_batch(candidates, novelty, choosing, most=most, seed=seed)
        return tuple(left[pick.number] for pick in picks)

    def _candidate(self, labelled: tuple[int, ...], number: int) -> Candidate:
        contact = self._council.pool[number]
        if not self.others and not labelled:  # nothing has been read yet
            return Candidate(contact.agency, doubt=0, levels=len(LEVELS))
        answer = self._reader(labelled).read(self._pool[number])
        return Candidate(contact.agency, doubt=answer.doubt, levels=answer.levels)

    def test(self, labelled: tuple[int, ...]) -> tuple[Counts, Counts]:
        """Give the tables of status and level; the same labels are tested once."""
        key = frozenset(labelled)
        if key not in self._tested:
            self._tested[key] = self._test(self._reader(labelled))
        return self._tested[key]

    def _reader(self, labelled: tuple[int, ...]) -> LightReader:
        key = frozenset(labelled)
        if key not in self._readers:
            given = len(self.others)
            numbers = [*range(given), *(given + n for n in sorted(labelled))]
            weights = [1.0] * given + [self._weight] * len(labelled)
            before = self._reader(()) if given and labelled else None
            self._readers[key] = fit_light(
                self._material, numbers, weights, self._config, before=before
            )
        return self._readers[key]

    def _test(self, reader: LightReader) -> tuple[Counts, Counts]:
        status = np.zeros((len(Element), len(STATUSES), len(STATUSES)))
        level = np.zeros((len(LEVELS), len(LEVELS)))
        for contact, rows in zip(self._council.test, self._locked, strict=True):
            answer = reader.read(rows)
            points = [contact.status[element].points for element in Element]
            status[np.arange(len(Element)), points, np.argmax(answer.status, axis=1)] += 1
            level[LEVELS.index(contact.level), int(np.argmax(answer.level))] += 1
        return status, level
