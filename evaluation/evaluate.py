"""Let every contestant judge the contacts of authors that it has not learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tqdm import tqdm

from annotation.labels import LabelledContact
from annotation.splits import Fold, leave_authors_out
from evaluation.baselines import Predict
from evaluation.outcomes import Outcome

# Of authors, each left out in turn. One author at a time would train the linear reader 38 times
# and take five times as long; what is measured so has learnt from an eighth less than what serves.
GROUPS = 8

# Learn from these contacts, then judge others. It crosses to worker processes, so it stands at
# the top of a module (or is a `partial` of what does).
Fit = Callable[[tuple[LabelledContact, ...]], Predict]


@dataclass(frozen=True)
class Contestant:
    """Something that judges contacts: the reader as served, or a baseline."""

    code: str
    fit: Fit


def judge_unseen(
    contestants: Sequence[Contestant],
    contacts: Iterable[LabelledContact],
    *,
    processes: int = 2,
    folds: int | None = None,
) -> dict[str, tuple[Outcome, ...]]:
    """Give each contestant's outcomes, each contact judged without its author in training.

    Authors are left out in ``GROUPS``.

    Args:
        contestants: Each is fitted once a fold.
        contacts: By two authors or more.
        processes: How many folds are worked on at a time; 1 stays in this process.
        folds: Only the first so many groups are left out in turn, for a quick look.
    """
    known = tuple(leave_authors_out(contacts, groups=GROUPS))[:folds]
    found: dict[str, list[Outcome]] = {contestant.code: [] for contestant in contestants}
    answers = _each_fold(known, contestants, processes)
    for outcomes in tqdm(answers, total=len(known), desc="groups of authors left out"):
        for code, judged in outcomes.items():
            found[code].extend(judged)
    return {code: tuple(outcomes) for code, outcomes in found.items()}


def judge(predict: Predict, contacts: Iterable[LabelledContact]) -> tuple[Outcome, ...]:
    """Give the outcome of each contact."""
    return tuple(Outcome(contact, predict(contact)) for contact in contacts)


def _each_fold(
    folds: Sequence[Fold], contestants: Sequence[Contestant], processes: int
) -> Iterator[dict[str, tuple[Outcome, ...]]]:
    if processes == 1:
        yield from (_judge_fold(fold, contestants) for fold in folds)
        return
    # Started afresh rather than forked: a fork of a process with threads may hang.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_judge_fold, fold, contestants) for fold in folds]
        yield from (answer.result() for answer in waiting)


def _judge_fold(fold: Fold, contestants: Sequence[Contestant]) -> dict[str, tuple[Outcome, ...]]:
    return {c.code: judge(c.fit(fold.train), fold.test) for c in contestants}
