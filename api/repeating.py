"""What is done again and again beside the requests, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.logs import Event, log_failure


@contextmanager
def repeating(
    act: Callable[[threading.Event], object],
    *,
    name: str,
    pause: float,
    failure: Event,
    patience: float = 10.0,
) -> Iterator[None]:
    """Do *act* after every pause until the end of the block, whatever it raises.

    Args:
        act: Is given what is set when it is to stop; where it sets that itself, it was the last.
        name: That of the thread.
        pause: Seconds before each turn, the first too.
        failure: Logged where *act* raises; the next turn tries again.
        patience: Seconds that the end of the block waits for a turn to end.
    """
    stopping = threading.Event()

    def repeat() -> None:
        while not stopping.wait(pause):
            try:
                act(stopping)
            except Exception as error:  # the thread must not end
                log_failure(failure, error)

    # A daemon: a turn that hangs must not keep the server from stopping.
    thread = threading.Thread(target=repeat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=patience)
