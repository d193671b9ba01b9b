"""``purge`` what is over, or ``hold`` a contact so that it is not."""

from __future__ import annotations

import argparse

from api.commands.own_store import Commands, own_store
from api.intake.retention import OPERATOR, count_due, erase, hold, load_periods, purge


def add_retention(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add both commands."""
    over = commands.add_parser("purge", help="erase what was kept long enough; without --erase say")
    over.add_argument("--erase", action="store_true", help="do it; it cannot be undone")
    over.add_argument("--contact", metavar="ID", help="this contact alone, whatever its age")
    over.set_defaults(run=_purge)
    holding = commands.add_parser("hold", help="put a contact on legal hold")
    holding.add_argument("contact", metavar="ID")
    holding.add_argument("--lift", action="store_true", help="lift the hold instead")
    holding.set_defaults(run=_hold)


def _purge(options: argparse.Namespace) -> int:
    if options.contact is not None:
        return _purge_one(options.contact, sure=options.erase)
    periods = load_periods()
    with own_store() as store:
        counts = purge(store, periods) if options.erase else count_due(store, periods)
    said = "erased" if options.erase else "would be erased; run again with --erase"
    for kind, count in counts.items():
        if count:
            print(f"{kind}: {count}")
    print(f"{counts.total()} in all {said}.")
    return 0


def _purge_one(contact_id: str, *, sure: bool) -> int:
    if not sure:
        print("One contact would be erased; run again with --erase.")
        return 0
    with own_store() as store, store.writing() as session:
        erase(session, contact_id, actor=OPERATOR, why="asked")
    print("The contact was erased.")
    return 0


def _hold(options: argparse.Namespace) -> int:
    with own_store() as store, store.writing() as session:
        hold(session, options.contact, held=not options.lift, actor=OPERATOR)
    print("The hold was lifted." if options.lift else "The contact is on legal hold.")
    return 0
