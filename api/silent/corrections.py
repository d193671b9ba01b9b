"""What staff said of single findings, held against both readers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Result, select
from sqlalchemy.orm import Session

from api.hub.corrections import INAPPROPRIATE, PRESENT
from api.store.codes import CorrectionKind
from api.store.tables import Correction, SilentAnswer

# Needs are not kept of silent answers.
KINDS = (
    CorrectionKind.ELEMENT,
    CorrectionKind.FLAG,
    CorrectionKind.LEVEL,
    CorrectionKind.NOTIFICATION,
)


@dataclass(frozen=True)
class Corrected:
    """Of so many findings of a kind that staff spoke of: how often each reader said as they do.

    Staff speak mostly of what the reader in service found wrong, so that the two shares are no fair
    race: the silent reader's says whether it would have made the same mistakes.
    """

    kind: CorrectionKind
    said: int
    in_service: int
    silent: int


def find_corrected(
    session: Session, reader: str, *, since: datetime | None = None
) -> tuple[Corrected, ...]:
    """Count what staff said, from *since* on, of findings of what the silent *reader* has read."""
    said: Counter[CorrectionKind] = Counter()
    served: Counter[CorrectionKind] = Counter()
    silent: Counter[CorrectionKind] = Counter()
    for correction, answer in _rows(session, reader, since):
        kind, held = correction.kind, _simplify(correction.kind, correction.corrected)
        said[kind] += 1
        served[kind] += _simplify(kind, correction.found) == held
        silent[kind] += _simplify(kind, _found(correction, answer)) == held
    return tuple(Corrected(each, said[each], served[each], silent[each]) for each in KINDS)


def _rows(
    session: Session, reader: str, since: datetime | None
) -> Result[Correction, SilentAnswer]:
    rows = (
        select(Correction, SilentAnswer)
        .join(SilentAnswer, SilentAnswer.contact_id == Correction.contact_id)
        .where(
            SilentAnswer.reader == reader,
            SilentAnswer.served.is_(False),
            Correction.kind.in_(KINDS),
        )
    )
    return session.execute(rows if since is None else rows.where(Correction.made_at >= since))


def _found(correction: Correction, answer: SilentAnswer) -> str | None:
    match correction.kind:
        case CorrectionKind.ELEMENT:
            return answer.statuses.get(correction.code)
        case CorrectionKind.FLAG:
            return PRESENT if correction.code in answer.flags else None
        case CorrectionKind.LEVEL:
            return answer.level
        case _:
            return INAPPROPRIATE if answer.inappropriate else None


def _simplify(kind: CorrectionKind, said: str | None) -> str | bool | None:
    """A flag is present or not, however it is not; a notification looks inappropriate or not."""
    if kind is CorrectionKind.FLAG:
        return said == PRESENT
    return said == INAPPROPRIATE if kind is CorrectionKind.NOTIFICATION else said
