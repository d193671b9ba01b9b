"""Run the bulk scorer over worker processes, or over a Dask cluster by its address."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from api.assessor import load_served
from api.bulk.journal import Journal, fingerprint
from api.bulk.outputs import write_problems, write_scored, writer_for
from api.bulk.rows import ContactRow, read_rows
from api.bulk.scoring import ScoredRow, score_rows
from api.settings import Settings
from nlp.errors import TableError
from nlp.rules import load_rulebook

# Large enough that handing over costs nothing, small enough that an interruption loses little.
CHUNK = 16


@dataclass(frozen=True)
class BulkResult:
    """How a run ended."""

    scored: int
    problems: int
    problems_file: Path


def score_file(
    source: Path,
    output: Path,
    *,
    framework: str | None = None,
    workers: int | None = None,
    dask: str | None = None,
    quiet: bool = False,
) -> BulkResult:
    """Score every row of *source* into *output*; go on where an interrupted run stopped.

    Args:
        source: CSV, JSONL, XLSX or Parquet with at least the columns ``text`` and ``form``.
        output: The same formats, by ending. Bad rows go to ``<output>.problems.csv``.
        framework: For rows that name none.
        workers: Processes; by default one a core.
        dask: Address of a Dask scheduler (``tcp://…``) to run on instead.
        quiet: Show no progress bar.

    Raises:
        TableError: If a file cannot be read or written, or a journal of another run is there.
    """
    writer_for(output)
    journal = Journal(output, run=_describe(source, framework))
    done = journal.resume()
    total = sum(1 for _ in read_rows(source))
    waiting = (row for row in read_rows(source) if row.number not in done)
    score = partial(score_rows, framework=framework)
    with (
        _executor(workers, dask) as executor,
        tqdm(total=total, initial=len(done), unit="contact", disable=quiet) as bar,
    ):
        for rows in _in_order(executor, score, _chunks(waiting), ahead=_ahead(workers, dask)):
            journal.append(rows)
            bar.update(len(rows))
    return _finish(journal, output, total)


def _finish(journal: Journal, output: Path, total: int) -> BulkResult:
    problems_file = output.with_name(output.name + ".problems.csv")
    write_scored(output, journal.rows())
    problems = write_problems(problems_file, journal.rows())
    journal.close()
    return BulkResult(scored=total - problems, problems=problems, problems_file=problems_file)


def _describe(source: Path, framework: str | None) -> dict[str, str | None]:
    reader = load_served(Settings().readers_folder)
    return {
        "input": fingerprint(source),
        "framework": framework,
        "reader": reader.name if reader else None,
        "rulebook": load_rulebook().version,
    }


def _width(workers: int | None) -> int:
    return workers or os.cpu_count() or 1


def _ahead(workers: int | None, dask: str | None) -> int:
    """Chunks under way at once: enough that no worker waits, few enough to hold in memory."""
    return 256 if dask else 2 * _width(workers)


@contextmanager
def _executor(workers: int | None, dask: str | None) -> Iterator[Executor]:
    if dask:
        with _dask_executor(dask) as executor:
            yield executor
        return
    # One thread a worker: more would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(_width(workers), mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def _dask_executor(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise TableError("Dask is not installed; run: .venv/bin/pip install -e '.[dask]'") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError:
        raise TableError(
            f"no Dask scheduler answered at {address}; start one, or leave --dask out"
        ) from None
    with client, client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]
        yield executor


def _chunks(rows: Iterable[ContactRow]) -> Iterator[list[ContactRow]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _in_order(
    executor: Executor,
    score: partial[list[ScoredRow]],
    chunks: Iterable[Sequence[ContactRow]],
    *,
    ahead: int,
) -> Iterator[list[ScoredRow]]:
    """Give results in the order of the input, with at most *ahead* chunks under way."""
    under_way: deque[Future[list[ScoredRow]]] = deque()
    for chunk in chunks:
        under_way.append(executor.submit(score, chunk))
        if len(under_way) >= ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
