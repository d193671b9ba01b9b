"""People as a form, a system or a table names them: nothing that was written is lost."""

from __future__ import annotations

from datetime import date, timedelta

from api.intake.submission import PersonGiven
from api.matching.birth_dates import parse_birth_date
from api.store.codes import Relation

# Outside these a date is a slip of the pen: kept as written, but not as a date.
EARLIEST = date(1900, 1, 1)
LATEST_DUE = timedelta(days=300)


def person_given(
    *,
    relation: Relation = Relation.CHILD,
    forenames: str | None = None,
    surname: str | None = None,
    born: str | None = None,
    address: str | None = None,
    postcode: str | None = None,
    nhs_number: str | None = None,
    today: date,
) -> PersonGiven | None:
    """Give the person, or ``None`` where every field is blank.

    *born* is a date of birth or a due date as anybody writes one; what is no date is kept as it
    was written.
    """
    day, note = _read_birth(_tidy(born), today)
    person = PersonGiven(
        relation=relation,
        forenames=_tidy(forenames),
        surname=_tidy(surname),
        date_of_birth=day,
        birth_note=note,
        address=_tidy(address),
        postcode=_tidy(postcode),
        nhs_number=_tidy(nhs_number),
    )
    return None if person == PersonGiven(relation=relation) else person


def _read_birth(written: str | None, today: date) -> tuple[date | None, str | None]:
    day = parse_birth_date(written, today=today) if written else None
    if day is None or not EARLIEST <= day <= today + LATEST_DUE:
        return None, written
    return day, None


def _tidy(written: str | None) -> str | None:
    return (written or "").strip() or None
