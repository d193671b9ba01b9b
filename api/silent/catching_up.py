"""Read silently what came before the silent reader began; stopped, it goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tqdm import tqdm

from api.silent.reading import (
    MOST_FAILED,
    SilentReader,
    begin,
    count_unread,
    find_unread,
    try_to_read,
)
from api.store.opening import Store
from nlp.errors import ReferralQualityError


class SilentReaderError(ReferralQualityError):
    """The silent reader fails too often to go on."""


@dataclass(frozen=True)
class CaughtUp:
    """How many contacts were read, and how many could not be."""

    read: int
    failed: int


def catch_up(
    store: Store, silent: SilentReader, *, since: datetime | None = None, quiet: bool = False
) -> CaughtUp:
    """Read every contact that *silent* has not read, from *since* on if given.

    Erased contacts are left out. Each answer is kept as it is made, so that an interrupted run
    loses none. Answers made after staff decided are compared apart: a reader may have been
    trained on those contacts.

    Args:
        store: Where the contacts are.
        silent: Reads them.
        since: Only those received from then on.
        quiet: Show no progress bar.

    Raises:
        SilentReaderError: If many contacts fail.
        StoreUnavailableError: If the database does not answer.
    """
    begin(store, silent.name)
    read, failed = 0, set[str]()
    with tqdm(
        total=count_unread(store, silent.name, since=since), unit="contact", disable=quiet
    ) as bar:
        while found := find_unread(store, silent.name, since=since, without=failed):
            for contact_id in found:
                read += try_to_read(store, contact_id, silent, failed)
                if len(failed) >= MOST_FAILED:
                    raise SilentReaderError(
                        f"{silent.name} could not read {len(failed)} contacts; the log says where "
                        "it failed. What was read is kept: run again when the reader is mended"
                    )
                bar.update()
    return CaughtUp(read, len(failed))
