"""How long pages and sending take with 100,000 contacts stored, and fifty people at work at once.

``python -m tests.load`` serves a filled store on a free port of this machine, SQLite and
then PostgreSQL, and prints percentiles over whole requests. Server and people share its cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from api.store.opening import open_store
from tests.load.measuring import Process, print_times, serving, start_own_postgres, visit
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
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    chosen = parser.parse_args()
    for database in [chosen.only] if chosen.only else ["sqlite", "postgres"]:
        with tempfile.TemporaryDirectory(prefix="rq-load-") as folder:
            _measure(database, Path(folder), chosen)


def _measure(database: str, folder: Path, chosen: argparse.Namespace) -> None:
    server = start_own_postgres(folder) if database == "postgres" else None
    try:
        url = server.url if server else ""
        store = open_store(url, folder=folder / "data")
        store.migrate()
        started = time.perf_counter()
        fill(store, contacts=chosen.contacts, waiting=chosen.waiting)
        cookies, key = sign_in_staff(store, chosen.people), make_key(store)
        contacts = read_waiting(store, most=100)
        store.close()
        print(f"{database}: {chosen.contacts:,} contacts in {time.perf_counter() - started:.0f} s")
        with serving(url, folder / "data") as process:
            hub = Hub(process.address, key, contacts)
            for path in ADDRESSES:
                print_times(f"one person, {path}", visit(hub.address, cookies[0], [path] * ALONE))
            _measure_crowd(hub, cookies, process, chosen)
    finally:
        if server:
            server.stop()


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
