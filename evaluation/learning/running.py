"""Run the simulation over authors and seeds, one council and start at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from multiprocessing import get_context

from tqdm import tqdm

from annotation.corpus import fingerprint
from annotation.labels import LabelledContact
from evaluation.learning.figures import Learning, measure
from evaluation.learning.plan import Council, Plan, Start, make_councils
from evaluation.learning.simulation import Point, simulate
from models.choosing.config import ChoosingConfig
from models.config import TfidfConfig

Task = tuple[Council, Start]


def run_learning(
    contacts: Sequence[LabelledContact],
    plan: Plan,
    *,
    config: TfidfConfig,
    choosing: ChoosingConfig,
    processes: int = 1,
) -> Learning:
    """Give the learning curves of *contacts*.

    Args:
        contacts: Labelled contacts by two authors or more.
        plan: What is tried.
        config: The training run of the linear reader.
        choosing: How active choice weighs its signals.
        processes: How many councils are worked on at a time; 1 stays in this process.

    Raises:
        CorpusError: If there are fewer than two authors, or one of them is held back.
    """
    tasks = [
        (council, start)
        for start in Start
        for seed in range(1, plan.seeds[start] + 1)
        for council in make_councils(contacts, seed=seed, authors=plan.authors)
    ]
    work = partial(_simulate, plan, config, choosing)
    bar = tqdm(_each(tasks, work, processes), total=len(tasks), desc="councils", unit="run")
    return measure(
        tuple(chain.from_iterable(bar)),
        plan,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=fingerprint(contacts),
    )


def _each(
    tasks: Sequence[Task], work: partial[tuple[Point, ...]], processes: int
) -> Iterator[tuple[Point, ...]]:
    if processes == 1:
        yield from map(work, tasks)
        return
    # Started afresh rather than forked: a fork of a process with threads may hang.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, tasks)


def _simulate(
    plan: Plan, config: TfidfConfig, choosing: ChoosingConfig, task: Task
) -> tuple[Point, ...]:
    return tuple(simulate(*task, plan, config=config, choosing=choosing))
