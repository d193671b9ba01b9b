"""``audit verify``: is the log whole, also against a seal that was noted before?"""

from __future__ import annotations

import argparse

from sqlalchemy import select

from api.commands.own_store import Commands, own_store
from api.store.audit import verify
from api.store.tables import AuditRow


def add_audit(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    audit = commands.add_parser("audit", help="check the audit log")
    acts = audit.add_subparsers(title="acts", required=True)
    check = acts.add_parser("verify", help="check every row; exit status 1 if it was changed")
    check.add_argument(
        "--noted",
        metavar="ROW:SEAL",
        type=_noted,
        help="what an earlier run printed: rows cut off the end show only against it",
    )
    check.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    with own_store() as store, store.reading() as session:
        verdict = verify(session)
        if not verdict.whole:
            print(f"The audit log was changed: row {verdict.broken_at} is not as it was written.")
            return 1
        if options.noted is not None:
            number, seal = options.noted
            held = session.scalar(select(AuditRow.seal).where(AuditRow.number == number))
            if held != seal:
                print(f"The audit log was changed: row {number} has not the seal that was noted.")
                return 1
    print(f"The audit log is whole: {verdict.rows} rows. Note this elsewhere:")
    print(f"{verdict.rows}:{verdict.last_seal}")
    return 0


def _noted(given: str) -> tuple[int, str]:
    number, _, seal = given.partition(":")
    if not number.isdecimal() or len(seal) != 64:
        raise argparse.ArgumentTypeError("write it as it was printed: a number, a colon, a seal")
    return int(number), seal
