"""How long leaders wait where a million contacts are stored, and how long their figures take.

``python -m tests.load.figures`` stores a million contacts of two years and forty agencies, read,
decided and answered; counts their months, holds what is kept against a plain count in SQL, changes
some contacts and holds it again; publishes; and asks for leaders' pages. On SQLite and then on
PostgreSQL, in a folder that is gone afterwards (4 GB). Server and leader share this machine's
cores.
"""

from __future__ import annotations

import argparse
import random
from datetime import datetime, timedelta

from sqlalchemy import func, select

from api.clocks import LONDON, month_bounds
from api.figures.publishing import publish
from api.figures.summaries import recount_all, refresh
from api.store.codes import Outcome, Role
from api.store.opening import Store
from api.store.tables import Contact, Decision
from nlp.domain import LEVELS
from tests.figure_builders import MONTHS
from tests.hub_builders import add_contact, add_user
from tests.load.figures.checking import COUNTS, count_kept_otherwise
from tests.load.figures.seeding import AGENCIES, fill
from tests.load.measuring import measure_each, own_store, print_times, serving, timed, visit
from tests.load.seeding import sign_in

AT = datetime(2026, 1, 15, tzinfo=LONDON)
CHANGES = 100  # contacts that come, and as many that are decided again, after all are counted
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
    measure_each(parser, _measure)


def _measure(database: str, chosen: argparse.Namespace) -> None:
    with own_store(database) as (store, url, folder):
        print(f"{database}: {chosen.contacts:,} contacts", flush=True)
        with timed("stored"):
            fill(store, contacts=chosen.contacts)
        with timed("every month counted anew"):
            recount_all(store)
        _check(store)
        _change(store)
        with timed("what changed counted"):
            while refresh(store):
                pass
        _check(store)
        with timed("published"):
            publish(store, at=AT)
        cookie = sign_in(store, add_user(store, Role.LEADER))
        store.close()
        with serving(url, folder) as process:
            for page in PAGES:
                visit(process.address, cookie, [page])
                print_times(page[:36], visit(process.address, cookie, [page] * chosen.times))


def _check(store: Store) -> None:
    """Hold the kept figures against a plain count.

    Raises:
        RuntimeError: If they are not the same; it names the months and measures.
    """
    with timed("counted by plain SQL"):
        wrong = {measure: keys for measure, keys in count_kept_otherwise(store).items() if keys}
    if wrong:
        raise RuntimeError(f"What is kept is not what a plain count gives: {wrong}")
    with store.reading() as session:
        number = session.scalar(select(func.count()).select_from(Contact))
    print(
        f"  the same in every month, agency and form, of {number:,} contacts: {', '.join(COUNTS)}"
    )


def _change(store: Store) -> None:
    """Send some contacts and decide some of those that are there anew, as people do."""
    rng, staff = random.Random(5), add_user(store, Role.HUB).id  # noqa: S311 - nothing secret
    with store.reading() as session:
        ids = list(session.scalars(select(Contact.id).limit(CHANGES)))
    for contact_id in ids:
        received = month_bounds(rng.choice(MONTHS))[0] + timedelta(days=8)
        agency = f"agency_{rng.randrange(AGENCIES)}"
        add_contact(store, agency_id=agency, received_at=received)
        with store.writing() as session:
            session.add(
                Decision(
                    contact_id=contact_id,
                    made_by=staff,
                    outcome=rng.choice(tuple(Outcome)),
                    level=rng.choice(LEVELS),
                )
            )


if __name__ == "__main__":
    main()
