"""What the benchmark measures, inside a process that does nothing else.

Each function runs in a fresh process (`evaluation.bench` starts it), so heavy imports are inside:
their time and memory are part of what is measured.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from nlp.assessment import Assessment

MEGABYTE = 1024 * 1024

Assess = Callable[[str], "Assessment"]

# What a worker of the bulk measurement has loaded; a pool's worker has nowhere else to keep it.
_loaded: list[Assess] = []


def time_start() -> float:
    """Give the seconds from nothing to the first assessment being possible."""
    started = perf_counter()
    load_assess()
    return perf_counter() - started


def load_assess(*, linear: bool = False) -> Assess:
    """Load all that serving loads; give a function from text to record.

    With *linear*, the linear reader answers alone, as it does where the transformer is missing.
    """
    from models.artefact import load_tfidf
    from models.predict import TFIDF, load_reader
    from nlp.assess import assess
    from nlp.domain import Contact, Form
    from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks, load_guidance
    from nlp.memory import loading
    from nlp.rules import load_rulebook

    with loading():
        reader, rulebook = load_tfidf(TFIDF) if linear else load_reader(), load_rulebook()
        framework, form = load_frameworks()[DEFAULT_FRAMEWORK], form_for(Form.REFERRAL)
        load_guidance()
    return lambda text: assess(
        Contact(text=text, form=Form.REFERRAL),
        reader=reader,
        framework=framework,
        form=form,
        rulebook=rulebook,
    )


def time_lengths(
    texts: Mapping[int, Sequence[str]], *, linear: bool
) -> tuple[dict[int, list[float]], dict[str, float]]:
    """Time each text of each length, none of which was read before; note the memory.

    Returns:
        Milliseconds by length, in order; and megabytes by when they were noted.
    """
    stay_on_one_core()
    assess = load_assess(linear=linear)
    memory = {"after load": _megabytes()}
    for warming in texts.values():
        assess(warming[0])
    taken = {length: list(_time_each(assess, samples)) for length, samples in texts.items()}
    return taken, memory | {"after work": _megabytes()}


def time_edits(texts: Sequence[str]) -> list[float]:
    """Give the milliseconds that each text takes again after a sentence was put before it."""
    stay_on_one_core()
    assess = load_assess()
    for text in texts:
        assess(text)
    return list(
        _time_each(assess, [f"I saw this myself at {n} o'clock.\n{t}" for n, t in enumerate(texts)])
    )


def time_hostile(sizes: Sequence[int]) -> tuple[dict[str, list[float]], float]:
    """Time every kind of hostile text at every size.

    A text that is refused with a clear error counts like any other: refusing takes time too.

    Returns:
        Milliseconds by kind, in the order of *sizes*; and the most memory held, in megabytes.
    """
    from evaluation.hostile import HOSTILE

    stay_on_one_core()
    assess = load_assess()
    assess("Mia is six.")
    taken = {
        kind: list(_time_each(assess, [make(size) for size in sizes]))
        for kind, make in HOSTILE.items()
    }
    return taken, _megabytes()


def start_worker() -> None:
    """Load once in a worker of the bulk measurement."""
    _loaded.append(load_assess())


def work(texts: Sequence[str]) -> int:
    """Assess *texts* in a worker; give how many they were."""
    for text in texts:
        _loaded[0](text)
    return len(texts)


def stay_on_one_core() -> None:
    """Keep this process on one core, where the system allows that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _time_each(assess: Assess, texts: Sequence[str]) -> Iterator[float]:
    from nlp.errors import ReferralQualityError

    for text in texts:
        started = perf_counter()
        with suppress(ReferralQualityError):
            assess(text)
        yield 1000 * (perf_counter() - started)


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss / MEGABYTE)
