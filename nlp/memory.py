"""What stays in memory: what was loaded, and what was found in the sentences read last.

An edit costs the sentences that it touches.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@contextmanager
def loading() -> Iterator[None]:
    """Load readers and rules inside: they stay as long as the process.

    No search for garbage goes through them, while they are loaded or afterwards; one took a sixth
    of a second, and somebody waited for it. What is loaded later in the same process is searched
    as usual, so that a process that loads again and again (a test) still frees what it drops.
    """
    if gc.get_freeze_count():
        yield
        return
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


class Memory(Generic[Value]):
    """Values by what they were made from, the last used; safe to use from many threads.

    They stand under hashes of the words, never under the words: the memory of the service holds
    no contact's sentences.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[int, Value] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable) -> Value | None:
        """Give what stands under *key*; ``None`` if nothing does any more."""
        with self._lock:
            found = self._known.get(hash(key))
            if found is not None:
                self._known.move_to_end(hash(key))
            return found

    def recall_all(
        self, keys: Sequence[Key], make: Callable[[list[Key]], Iterable[Value]]
    ) -> list[Value]:
        """Give what stands under each of *keys*, in order.

        *make* gives the values of those keys of which nothing is remembered, all at once.
        """
        found: dict[Key, Value] = {}
        fresh: list[Key] = []
        for key in dict.fromkeys(keys):
            known = self.recall(key)
            if known is None:
                fresh.append(key)
            else:
                found[key] = known
        if fresh:
            made = dict(zip(fresh, make(fresh), strict=True))
            for key, value in made.items():
                self.keep(key, value)
            found |= made
        return [found[key] for key in keys]

    def keep(self, key: Hashable, value: Value) -> None:
        """Remember *value* under *key*, and forget what was not used for longest."""
        with self._lock:
            self._known[hash(key)] = value
            if len(self._known) > self._most:
                self._known.popitem(last=False)
