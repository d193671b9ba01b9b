"""One sight of a contact in training: whole, or with sentences taken out and labels following."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.transformer.targets import IGNORED, Example
from nlp.domain import STATUSES, Element, Status

_ASIDE = {
    Element.CHILD_IDENTITY,
    Element.REFERRER_DETAILS,
    Element.CHILD_VOICE,
    Element.PARENT_VIEW,
    Element.CONSENT,
    Element.REQUESTED_OUTCOME,
}
"""Elements without which the level, read from the rest, stays what it was."""

_WEIGHTY = [number for number, element in enumerate(Element) if element not in _ASIDE]


@dataclass(frozen=True)
class Lesson:
    """An example with the sentences kept of it, and the statuses that still hold.

    ``whole`` says that nothing that bears on the level is gone, so that the document labels hold.
    ``retyping`` is 0 for the contact's own words, else the number of the retyping that is read.
    """

    example: Example
    index: int
    keep: NDArray[np.int64]
    status: NDArray[np.int64]
    whole: bool
    retyping: int = 0


def whole_lesson(example: Example, index: int) -> Lesson:
    """The contact as it stands."""
    keep = np.arange(len(example.texts))
    return Lesson(example, index, keep, example.status, whole=example.has_whole)


def altered_lesson(
    example: Example, index: int, *, chance: float, random: np.random.Generator
) -> Lesson:
    """The contact, with the evidence of one element taken out at *chance*.

    Every sentence that is evidence for the element goes, so its status becomes missing. A status
    whose evidence is all still there holds; any other is not taught.
    """
    marked = np.flatnonzero(example.elements.any(axis=0))
    if random.random() >= chance or not len(marked):
        return whole_lesson(example, index)
    gone = example.elements[:, random.choice(marked)] > 0
    if gone.all():
        return whole_lesson(example, index)
    keep = np.flatnonzero(~gone)
    return Lesson(
        example, index, keep, _status_without(example, gone), whole=not _weighty(example, gone)
    )


def _weighty(example: Example, gone: NDArray[np.bool_]) -> bool:
    """Does what is gone bear on the level, the needs or the urgency?"""
    return bool(example.elements[gone][:, _WEIGHTY].any() or example.mentioned[gone].any())


def _status_without(example: Example, gone: NDArray[np.bool_]) -> NDArray[np.int64]:
    before = example.elements.any(axis=0)
    after = example.elements[~gone].any(axis=0)
    touched = example.elements[gone].any(axis=0)
    status = np.where(touched, IGNORED, example.status)
    return np.where(before & ~after, STATUSES.index(Status.MISSING), status)


def epoch_size(taught: Sequence[tuple[int, Example]], *, contrasts: float) -> int:
    """How many lessons `lessons_of_epoch` gives."""
    return len(taught) - _left_out(sum(e.contrast for _, e in taught), contrasts)


def _left_out(contrasts: int, share: float) -> int:
    return contrasts - round(share * contrasts)


def _shown(
    taught: Sequence[tuple[int, Example]], contrasts: float, random: np.random.Generator
) -> NDArray[np.int64]:
    """The places of what an epoch shows, in a new order."""
    beside = np.flatnonzero([example.contrast for _, example in taught])
    out = random.choice(beside, _left_out(len(beside), contrasts), replace=False)
    return random.permutation(np.setdiff1d(np.arange(len(taught)), out))


def lessons_of_epoch(
    taught: Sequence[tuple[int, Example]],
    *,
    contrasts: float,
    chance: float,
    retypings: int,
    retyped: float,
    random: np.random.Generator,
) -> list[Lesson]:
    """Every example once, in a new order, but of *contrasts* only this share.

    A share *retyped* of them is in other words, in one of so many *retypings* of each. *chance* is
    that of taking an element out.
    """
    lessons = []
    for i in _shown(taught, contrasts, random):
        index, example = taught[i]
        lesson = altered_lesson(example, index, chance=chance, random=random)
        other = retypings and random.random() < retyped
        number = int(random.integers(1, retypings + 1)) if other else 0
        lessons.append(replace(lesson, retyping=number))
    return lessons
