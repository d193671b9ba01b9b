"""One row of an export as a contact, or why it cannot be one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from api import clocks
from api.intake.importing.profiles import Layout, codes
from api.intake.importing.tables import ExportTable
from api.intake.people import person_given
from api.intake.submission import Submission
from api.matching.birth_dates import parse_birth_date
from api.store.codes import Channel, Outcome
from nlp.domain import Form
from nlp.errors import ReferralQualityError, TableError
from nlp.guidance import DEFAULT_FORMS
from nlp.text import normalise

LONGEST_FIELD = 500
BY_NUMBER, BY_WORDS = "id:", "row:"  # how the key of a row begins, by what it is made of
EARLIEST = date(2000, 1, 1)
DATED = ("received", "incident")
MONTH_FIRST = re.compile(r"\s*(?:0?[1-9]|1[0-2])[/.-](?:1[3-9]|2[0-9]|3[01])[/.-][0-9]{2,4}\b")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?$")


class RowError(ReferralQualityError):
    """A row cannot be a contact; the message is for whoever made the export."""


@dataclass(frozen=True)
class Agencies:
    """How a row's sender is found: by id or name, else by the census's source code."""

    known: Mapping[str, str]  # id and name, in lower case: id

    def find(self, cells: Mapping[str, str], layout: Layout) -> str:
        """Give the id of the agency that sent the row.

        Raises:
            RowError: If nothing says which it is.
        """
        for written in (cells.get("agency", ""), cells.get("source_name", "")):
            if written and (found := self.known.get(written.lower())):
                return found
        code = cells.get("source_code", "").upper()
        if code in codes().sources:
            return source_agency(code)
        if layout.agency_id is not None:
            return layout.agency_id
        raise RowError(
            "does not say which agency sent it; map a column that does, or choose one for all"
        )


def source_agency(code: str) -> str:
    """Give the id under which senders known only by a source code are kept."""
    return f"source_{code.lower()}"


def refuse_month_first(table: ExportTable, layout: Layout) -> None:
    """Refuse a column of dates whose month comes first: 03/04 would be read as 3 April.

    Raises:
        TableError: If any of its dates can only be one with the month first.
    """
    for number, row in enumerate(table.rows, start=1):
        cells = cells_of(table.headings, row, layout)
        for field in DATED:
            if MONTH_FIRST.match(cells.get(field, "")):
                raise TableError(
                    f"the column '{layout.columns[field]}' has dates with the month first (row "
                    f"{number}); export them with the day first, such as 27/3/2026, or as "
                    "2026-03-27"
                )


def to_submission(
    cells: Mapping[str, str], layout: Layout, *, agencies: Agencies, at: datetime
) -> Submission:
    """Make a contact of a row's *cells*, by field.

    Raises:
        RowError: If it cannot be one.
    """
    text = _text(cells)
    form = _form(cells, layout)
    received = _received(cells, layout, at)
    number = cells.get("id", "")
    said = {name: cell[:LONGEST_FIELD] for name, cell in cells.items()}
    person = person_given(
        forenames=said.get("forenames"),
        surname=said.get("surname"),
        born=said.get("born"),
        address=said.get("address"),
        postcode=said.get("postcode"),
        nhs_number=said.get("nhs_number"),
        today=received.astimezone(clocks.LONDON).date(),
    )
    return Submission(
        text=text,
        form=form,
        form_type=DEFAULT_FORMS[form],
        agency_id=agencies.find(cells, layout),
        client_key=_key(BY_NUMBER, number)
        if number
        else _key(BY_WORDS, f"{received:%Y-%m-%d}\0{text}"),
        channel=Channel.IMPORT,
        external_id=number[:80] or None,
        received_at=received,
        incident_on=_day(cells.get("incident", ""), at),
        people=(person,) if person else (),
        referrer_name=said.get("referrer_name") or None,
        referrer_contact=said.get("referrer_contact") or None,
        earlier_contacts=_count(cells.get("earlier_contacts", "")),
        decided_elsewhere=read_outcome(cells.get("outcome", "")),
    )


def read_outcome(written: str) -> Outcome | None:
    """Read an outcome of ours, or the flags of ``cont_contact_outcome_json``.

    ``None`` for anything else: a contact whose outcome is not understood waits for a person.
    """
    plain = written.strip().lower().replace(" ", "_")
    if plain in set(Outcome):
        return Outcome(plain)
    try:
        flags = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(flags, dict):
        return None
    is_set = {
        str(name).removeprefix("OUTCOME_")
        for name, value in flags.items()
        if str(value).upper() in {"Y", "1", "TRUE"}
    }
    return next((each for flag, each in codes().outcome_flags.items() if flag in is_set), None)


def read_moment(written: str, *, today: date) -> datetime | None:
    """Read a date, with or without a time of day; London's where no zone is given.

    ``None`` if it is none, or before the year 2000.
    """
    written = written.strip()
    with suppress(ValueError):
        return _since_earliest(datetime.fromisoformat(written))
    found = _TIME.search(written)
    day = parse_birth_date(written[: found.start()] if found else written, today=today)
    if day is None:
        return None
    clock = time(int(found[1]), int(found[2])) if found else time()
    return _since_earliest(datetime.combine(day, clock))


def _since_earliest(moment: datetime) -> datetime | None:
    if moment.date() < EARLIEST:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=clocks.LONDON)


def cells_of(headings: tuple[str, ...], row: tuple[str, ...], layout: Layout) -> dict[str, str]:
    """Give the row's cells by our fields, without what cannot be kept."""
    named = dict(zip_longest(headings, row, fillvalue=""))
    return {
        code: named.get(heading, "").replace("\0", "").strip()
        for code, heading in layout.columns.items()
    }


def _text(cells: Mapping[str, str]) -> str:
    text = cells.get("text", "")
    if not text:
        raise RowError("has no words")
    try:
        normalise(text)
    except ReferralQualityError as error:
        raise RowError(f"cannot be read: {error}") from None
    return text


def _form(cells: Mapping[str, str], layout: Layout) -> Form:
    written = cells.get("form", "")
    if not written:
        return layout.form
    found = codes().forms.get(written.lower())
    if found is None:
        raise RowError(f"is of an unknown form; expected one of {', '.join(codes().forms)}")
    return found


def _received(cells: Mapping[str, str], layout: Layout, at: datetime) -> datetime:
    if "received" not in layout.columns:
        return at
    moment = read_moment(cells["received"], today=at.date())
    if moment is None:
        raise RowError("has no date that can be read; expected one such as 27/3/2026 14:05")
    if moment > at + timedelta(days=1):
        raise RowError("has a date to come")
    return moment


def _day(written: str, at: datetime) -> date | None:
    moment = read_moment(written, today=at.date())
    return moment.astimezone(clocks.LONDON).date() if moment else None


def _count(written: str) -> int | None:
    return min(int(written[:9]), 1000) if written.isascii() and written.isdigit() else None


def _key(kind: str, word: str) -> str:
    return f"{kind}{hashlib.sha256(word.encode()).hexdigest()}"
