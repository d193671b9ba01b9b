"""How fast, how large and how soon ready the product is, beside its bars.

Times are of the whole of `assess`, on one core with one thread, over texts made of training
contacts. A busy machine makes them worse, never better, so a bar met here is met.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np

from annotation.corpus import load_first
from evaluation import timing
from evaluation.parts import Part
from nlp.text import MAX_CHARACTERS

LATEST = Path(__file__).parent / "reports" / "bench.json"

WORDS = (100, 300, 600, 5_000)
# Samples of each length: enough that a 95th centile means something, few enough for two minutes.
# No two lengths share a contact: the served reader remembers sentences it has read.
SAMPLES: Mapping[int, int] = {100: 200, 300: 200, 600: 140, 5_000: 18}
HOSTILE_SIZES = (MAX_CHARACTERS // 16, MAX_CHARACTERS // 4, MAX_CHARACTERS)
BULK_TEXTS = 600
STARTS = 5

# The bars on one core: of the linear reader, and of the served one.
MOST_MS_LINEAR = {600: 60.0, 5_000: 500.0}
MOST_MS = {600: 100.0}
MOST_MS_AFTER_EDIT = 25.0
MOST_START_SECONDS = 2.0
MOST_MEGABYTES_LINEAR = 400.0
MOST_MEGABYTES = 500.0
# Time that grows as length to this power or less is linear, allowing for noise.
MOST_SLOPE = 1.2

Answer = TypeVar("Answer")


class Timing(Part):
    """One line of the benchmark. ``most`` is its bar, ``None`` where it has none."""

    what: str
    value: float
    unit: str
    most: float | None = None

    @property
    def met(self) -> bool | None:
        """Is it within its bar?"""
        return None if self.most is None else self.value <= self.most


class Bench(Part):
    """All lines, and what they were measured on."""

    machine: str
    cores: int
    timings: tuple[Timing, ...]


def run_bench(*, fast: bool = False) -> Bench:
    """Measure everything; with *fast*, on a quarter of the samples and small hostile texts."""
    share = 4 if fast else 1
    sizes = tuple(size // (share * share) for size in HOSTILE_SIZES)
    contacts = [contact.text for contact in load_first()]
    lines = [
        *_start_lines(STARTS // share),
        *_length_lines(_texts(contacts, share), linear=False),
        *_length_lines(_texts(contacts, share), linear=True),
        *_edit_lines(tuple(write_texts(contacts, 600, SAMPLES[600] // share // 4))),
        *_bulk_lines(contacts[: BULK_TEXTS // share]),
        *_hostile_lines(sizes),
    ]
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    return Bench(machine=machine, cores=len(os.sched_getaffinity(0)), timings=tuple(lines))


def _texts(contacts: Sequence[str], share: int) -> dict[int, tuple[str, ...]]:
    return {
        words: tuple(write_texts(contacts[at :: len(WORDS)], words, SAMPLES[words] // share))
        for at, words in enumerate(WORDS)
    }


def write_texts(contacts: Sequence[str], words: int, count: int) -> Iterator[str]:
    """Give *count* different texts of so many words, each from one contact after another."""
    endless = cycle(contacts)
    for _ in range(count):
        lines: list[str] = []
        needed = words
        while needed:
            taken = _first_words(next(endless), needed)
            needed -= len(taken.split())
            lines.append(taken)
        yield "\n".join(lines)


def slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Give the power of length that time grows as: 1 is linear, 2 quadratic."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def write_table(bench: Bench) -> str:
    """Give the benchmark as a plain table, a line each, with its bars."""
    lines = [f"{bench.machine}, {bench.cores} cores"]
    for line in bench.timings:
        bar = "" if line.most is None else f"bar {line.most:g} {line.unit}"
        verdict = {None: "", True: "met", False: "NOT MET"}[line.met]
        value = f"{line.value:.2f}" if line.value < 10 else f"{line.value:.0f}"
        lines.append(f"{line.what:58}{value:>9} {line.unit:14}{bar:22}{verdict}".rstrip())
    return "\n".join(lines)


def _start_lines(starts: int) -> Iterator[Timing]:
    seconds = [_alone(timing.time_start) for _ in range(max(starts, 1))]
    yield Timing(
        what="import and load, until the first assessment is possible",
        value=float(np.median(seconds)),
        unit="s",
        most=MOST_START_SECONDS,
    )


def _length_lines(texts: Mapping[int, Sequence[str]], *, linear: bool) -> Iterator[Timing]:
    taken, memory = _alone(partial(timing.time_lengths, linear=linear), texts)
    who = "linear reader alone: " if linear else ""
    bars = MOST_MS_LINEAR if linear else MOST_MS
    most_memory = MOST_MEGABYTES_LINEAR if linear else MOST_MEGABYTES
    for words, times in taken.items():
        middle, high = np.percentile(times, (50, 95))
        yield Timing(what=f"{who}{words:,} words, p50", value=float(middle), unit="ms")
        most = bars.get(words)
        yield Timing(what=f"{who}{words:,} words, p95", value=float(high), unit="ms", most=most)
    for when, megabytes in memory.items():
        most = most_memory if when == "after work" else None
        yield Timing(what=f"{who}memory {when}", value=megabytes, unit="MB", most=most)


def _edit_lines(texts: Sequence[str]) -> Iterator[Timing]:
    middle, high = np.percentile(_alone(timing.time_edits, texts), (50, 95))
    what = "600 words, again after a sentence was added"
    yield Timing(what=f"{what}, p50", value=float(middle), unit="ms")
    yield Timing(what=f"{what}, p95", value=float(high), unit="ms", most=MOST_MS_AFTER_EDIT)


def _bulk_lines(texts: Sequence[str]) -> Iterator[Timing]:
    """Worker processes that each assess their share, as the bulk scorer's do."""
    workers = len(os.sched_getaffinity(0))
    shares = [texts[first::workers] for first in range(workers)]
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=timing.start_worker) as pool:
        list(pool.map(timing.work, [texts[:1]] * workers))  # all are started and warm
        started = perf_counter()
        done = sum(pool.map(timing.work, shares))
        seconds = perf_counter() - started
    words = np.mean([len(text.split()) for text in texts])
    what = f"in bulk, {workers} processes, {words:.0f} words on average"
    yield Timing(what=what, value=done / seconds, unit="assessments/s")


def _hostile_lines(sizes: Sequence[int]) -> Iterator[Timing]:
    taken, megabytes = _alone(timing.time_hostile, sizes)
    for kind, times in taken.items():
        name = f"{sizes[-1]:,} characters, {kind}"
        yield Timing(what=name, value=times[-1] / 1000, unit="s")
        yield Timing(
            what="  grows as length to the power",
            value=slope(sizes, times),
            unit="",
            most=MOST_SLOPE,
        )
    yield Timing(what="memory after hostile texts", value=megabytes, unit="MB")


def _alone(work: Callable[..., Answer], *arguments: object) -> Answer:
    """Run *work* in a process of its own that is started afresh."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _first_words(text: str, count: int) -> str:
    """The text up to its *count*-th word, spaces and line ends as they were."""
    end = 0
    for _, word in zip(range(count), text.split(), strict=False):
        end = text.index(word, end) + len(word)
    return text[:end]
