"""How long leaders wait where a million contacts are counted, and how long publishing takes.

``python -m tests.load.figures`` fills the monthly figures of two years and forty agencies, which
are all that leaders' pages are made of, publishes them, and asks for the pages, on SQLite and then
on PostgreSQL. Server and leader share this machine's cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import insert

from api.access import sign_ins
from api.clocks import LONDON
from api.figures.dictionary import load_dictionary
from api.figures.measures import SEVERAL_AT_ONCE
from api.figures.publishing import publish
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Agency, MonthlyFigure, User
from nlp import domain
from nlp.domain import Form
from tests.figure_builders import MONTHS
from tests.hub_builders import add_user
from tests.load.measuring import (
    DATABASES,
    add_database_choice,
    own_store,
    print_times,
    serving,
    visit,
)

AT = datetime(2026, 1, 15, tzinfo=LONDON)
AGENCIES = 40
PAGES = (
    "/quality",
    "/quality?agency=agency_7&period=2025-Q4",
    "/quality/trend?indicator=missing_child_voice&agency=agency_7",
    "/quality/compare?indicator=missing_child_voice",
    "/quality/reports/agency_7",
)


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40, help="requests of each page")
    add_database_choice(parser)
    chosen = parser.parse_args()
    for database in chosen.databases or DATABASES:
        _measure(database, chosen)


def _measure(database: str, chosen: argparse.Namespace) -> None:
    with own_store(database) as (store, url, folder):
        rows = _fill(store, chosen.contacts)
        started = time.perf_counter()
        publish(store, at=AT)
        took = time.perf_counter() - started
        told = f"{chosen.contacts:,} contacts in {rows:,} monthly figures"
        print(f"{database}: {told}, published in {took:.0f} s", flush=True)
        leader = add_user(store, Role.LEADER)
        with store.writing() as session:
            cookie = sign_ins.begin(session, session.get_one(User, leader.id))
        store.close()
        with serving(url, folder) as process:
            for page in PAGES:
                visit(process.address, cookie, [page])
                print_times(page[:36], visit(process.address, cookie, [page] * chosen.times))


def _fill(store: Store, contacts: int) -> int:
    """Keep the monthly figures of *contacts*; agencies differ in size as one to forty."""
    sizes = np.arange(1, AGENCIES + 1, dtype=float)
    each = contacts * sizes / sizes.sum() / len(MONTHS)
    with store.writing() as session:
        for place in range(AGENCIES):
            session.add(
                Agency(
                    id=f"agency_{place}",
                    name=f"Agency {place}",
                    kind=domain.Agency.SCHOOL,
                    source_code="2A",
                    group=f"Group {place % 5}",
                )
            )
    random, count = np.random.default_rng(4), 0
    for month in MONTHS:
        rows = [
            row
            for place in range(AGENCIES)
            for row in _month(f"agency_{place}", month, each[place], random)
        ]
        count += len(rows)
        with store.writing() as session:
            session.execute(insert(MonthlyFigure), rows)
    return count


def _month(
    agency: str, month: str, usual: float, random: np.random.Generator
) -> Iterator[dict[str, object]]:
    """Give one agency's month: nine tenths referrals, in every category that there is."""
    categories: dict[str, list[str]] = {}
    for entry in load_dictionary():
        if entry.kind == "category" and entry.code != "all" and entry.of != "mean_score":
            categories.setdefault(entry.of, []).append(entry.code)
    for form, share in ((Form.REFERRAL, 0.9), (Form.PPN, 0.1)):
        total = int(random.poisson(usual * share))
        told = [
            ("contacts", "all", total),
            ("score", "scored", total),
            ("score", "sum", 61 * total),
        ]
        for measure, names in categories.items():
            size = total // 5 if measure in SEVERAL_AT_ONCE else total
            drawn = random.multinomial(size, random.dirichlet(np.ones(len(names))))
            told += [(measure, name, int(n)) for name, n in zip(names, drawn, strict=True)]
        for measure, category, number in told:
            if number:
                yield {
                    "measure": measure,
                    "month": month,
                    "agency_id": agency,
                    "form": form,
                    "category": category,
                    "count": number,
                }


if __name__ == "__main__":
    main()
