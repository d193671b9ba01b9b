"""Append to the audit log, and verify that no row of it was changed, moved or removed.

Each row is sealed with an HMAC of itself and the seal before it. A holder of the audit key could
make the whole chain anew: note the last seal elsewhere each day (``python -m api audit``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.store.codes import Action
from api.store.columns import keys_of, now
from api.store.tables.audit import AuditRow

FIRST_SEAL = "0" * 64
CHAIN_LOCK = 4_711_001  # any number that nothing else locks


@dataclass(frozen=True)
class Verdict:
    """What verifying found: the number of rows, the last seal, and the first bad row if any."""

    rows: int
    last_seal: str
    broken_at: int | None

    @property
    def whole(self) -> bool:
        """Is every row as it was written?"""
        return self.broken_at is None


def record(
    session: Session,
    *,
    actor: str,
    action: Action,
    target: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one act to the log, in the same transaction as the act itself.

    *details* are codes and counts; words of a contact and names have no place in them. The
    session must be a writing one, so that rows are sealed one after another.
    """
    bind = session.get_bind()
    if bind.dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    session.flush()
    last = session.execute(
        select(AuditRow.number, AuditRow.seal).order_by(AuditRow.number.desc()).limit(1)
    ).first()
    number, before = (last.number + 1, last.seal) if last else (1, FIRST_SEAL)
    row = AuditRow(
        number=number,
        at=now(),
        actor=actor,
        action=action,
        target=target,
        details=dict(details or {}),
        seal="",
    )
    row.seal = _seal(row, before, keys_of(bind.dialect).audit)
    session.add(row)
    session.flush()


def note_read(session: Session, contact_id: str, *, actor: str, **details: str | bool) -> None:
    """Append that *actor* was shown a contact; *details* are codes, as in `record`."""
    target = f"contact:{contact_id}"
    record(session, actor=actor, action=Action.CONTACT_READ, target=target, details=details)


def verify(session: Session) -> Verdict:
    """Check the whole chain; rows missing at the end are seen only against a noted seal."""
    key, before, number = keys_of(session.get_bind().dialect).audit, FIRST_SEAL, 0
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number)).yield_per(1000)
    for row in rows:
        number += 1
        good = hmac.compare_digest(row.seal, _seal(row, before, key))
        if row.number != number or not good:
            return Verdict(number, before, broken_at=number)
        before = row.seal
    return Verdict(number, before, broken_at=None)


def _seal(row: AuditRow, before: str, key: bytes) -> str:
    told = [
        before,
        row.number,
        _moment(row.at),
        row.actor,
        str(row.action),
        row.target,
        row.details,
    ]
    content = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(key, content, hashlib.sha256).hex()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
