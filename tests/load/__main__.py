"""How long pages and sending take with 100,000 contacts stored, and fifty people at work at once.

``python -m tests.load`` serves a filled store on a free port of this machine, SQLite and
then PostgreSQL, and prints percentiles over whole requests. Server and people share its cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tests.load.measuring import (
    Process,
    measure_each,
    own_store,
    print_times,
    serving,
    timed,
    visit,
)
from tests.load.people import ADDRESSES, Act, Hub, work_at_once
from tests.load.seeding import fill, make_key, read_waiting, sign_in_staff

ALONE = 40  # requests of one person
MOST_MS = {Act.QUEUE: 300, Act.SUBMIT: 500}  # at the 95th centile


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=5, help="mean seconds between two acts")
    measure_each(parser, _measure)


def _measure(database: str, chosen: argparse.Namespace) -> None:
    with own_store(database) as (store, url, folder):
        print(f"{database}: {chosen.contacts:,} contacts", flush=True)
        with timed("stored"):
            fill(store, contacts=chosen.contacts, waiting=chosen.waiting)
        cookies, key = sign_in_staff(store, chosen.people), make_key(store)
        contacts = read_waiting(store, most=100)
        store.close()
        with serving(url, folder) as process:
            hub = Hub(process.address, key, contacts)
            for path in ADDRESSES:
                print_times(f"one person, {path}", visit(hub.address, cookies[0], [path] * ALONE))
            _measure_crowd(hub, cookies, process, chosen)


def _measure_crowd(
    hub: Hub, cookies: Sequence[str], process: Process, chosen: argparse.Namespace
) -> None:
    before = process.seconds
    noted = work_at_once(hub, cookies, seconds=chosen.seconds, think=chosen.think)
    busy = process.seconds - before
    for act in Act:
        most = f", at most {MOST_MS[act]}" if act in MOST_MS else ""
        print_times(f"{chosen.people} people at once, {act}{most}", noted.times[act])
    each = 1000 * busy / noted.requests
    print(f"  {noted.requests} requests, {each:.0f} ms of processor each, readings included")
    print(f"  errors: {dict(noted.errors) or 'none'}", flush=True)


if __name__ == "__main__":
    main()
