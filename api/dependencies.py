"""What a route may ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, ParamSpec, TypeVar, cast

import anyio
from anyio import to_thread
from fastapi import Depends, Path, Request

from api.assessor import Assessor
from api.intake.worker import Worker
from api.settings import Settings
from api.store.opening import Store

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Bench:
    """A bounded number of threads: the work is for the processor, and the event loop stays free."""

    def __init__(self, *, threads: int) -> None:
        self._limiter = anyio.CapacityLimiter(threads)

    async def run(
        self, work: Callable[Given, Result], *args: Given.args, **options: Given.kwargs
    ) -> Result:
        """Give what *work* gives, from another thread; wait for one where all are busy."""
        return await to_thread.run_sync(partial(work, *args, **options), limiter=self._limiter)


def _assessor(request: Request) -> Assessor:
    return cast(Assessor, request.app.state.assessor)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _store(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def _worker(request: Request) -> Worker:
    return cast(Worker, request.app.state.worker)


def _bench(request: Request) -> Bench:
    return cast(Bench, request.app.state.bench)


def _file_bench(request: Request) -> Bench:
    return cast(Bench, request.app.state.file_bench)


# The id of a row, as the store makes them; nothing else is looked for.
Id = Annotated[str, Path(max_length=32, pattern=r"^[0-9a-f]+$")]
UsesAssessor = Annotated[Assessor, Depends(_assessor)]
UsesSettings = Annotated[Settings, Depends(_settings)]
UsesStore = Annotated[Store, Depends(_store)]
UsesWorker = Annotated[Worker, Depends(_worker)]
UsesBench = Annotated[Bench, Depends(_bench)]
UsesFileBench = Annotated[Bench, Depends(_file_bench)]
