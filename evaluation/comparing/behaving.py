"""The behavioural suite run on both readers, laid side by side."""

from __future__ import annotations

from collections.abc import Callable

from evaluation.behaviour.schemas import Rate
from evaluation.behaviour.suite import Suite
from evaluation.behaviour.trials import run_suite
from evaluation.parts import Part
from nlp.reading import Reader


class Behaved(Part):
    """One check of one capability; ``floor`` is ``None`` where none is pinned."""

    capability: str
    title: str
    check: str
    tests: int
    candidate: Rate
    in_service: Rate
    floor: Rate | None

    @property
    def below_floor(self) -> bool:
        """Has the candidate fallen below what is pinned?"""
        return self.floor is not None and self.candidate < self.floor


def compare_behaviour(
    suite: Suite,
    ours: Reader,
    theirs: Reader,
    *,
    made: str,
    step: Callable[[], object] = lambda: None,
) -> tuple[Behaved, ...]:
    """Run every test of *suite* on both readers; *step* is called after each test of each."""
    one, other = (run_suite(suite, reader, made=made, step=step) for reader in (ours, theirs))
    return tuple(
        Behaved(
            capability=row.capability,
            title=row.title,
            check=row.check,
            tests=row.tests,
            candidate=row.rate,
            in_service=before.rate,
            floor=row.floor,
        )
        for row, before in zip(one.rows, other.rows, strict=True)
    )
