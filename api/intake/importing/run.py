"""Check an export row by row, then keep its contacts: the check tells all that the run does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from api.access.errors import ConflictError
from api.intake.importing.profiles import Layout, codes
from api.intake.importing.rows import (
    Agencies,
    RowError,
    cells_of,
    refuse_month_first,
    source_agency,
    to_submission,
)
from api.intake.importing.tables import ExportTable, write_csv
from api.intake.submission import Submission, hash_text, keep
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, Contact
from nlp.errors import TableError

Row = TypeVar("Row")
Held = dict[tuple[str, str], str]  # sender and key: hash of the words

TOGETHER = 50  # rows kept in one transaction: others who send do not wait long
CHANGED = "was imported before with other words; a changed contact needs a number of its own"


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be a contact, by its number, and why."""

    number: int
    reason: str


@dataclass
class Plan:
    """What an import does: contacts to keep, those already here, and rows that are rejected."""

    new: list[tuple[int, Submission]] = field(default_factory=list)
    repeated: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def history(self) -> int:
        """How many of the new ones were decided elsewhere."""
        return sum(each.decided_elsewhere is not None for _, each in self.new)


def check(store: Store, table: ExportTable, layout: Layout) -> Plan:
    """Say what importing *table* would do; nothing is kept.

    Raises:
        StoreUnavailableError: If the database does not answer.
        TableError: If no column holds the words, or dates have the month first.
    """
    if "text" not in layout.columns:
        raise TableError("choose the column that holds the words of the contact")
    refuse_month_first(table, layout)
    plan, at, planned = Plan(), now(), Held()
    with store.reading() as session:
        agencies = _agencies(session)
        if layout.agency_id is not None and layout.agency_id not in agencies.known.values():
            raise TableError("there is no agency with that id; add it first, or choose another")
        for rows in _in_batches(list(enumerate(table.rows, start=1))):
            read = []
            for number, row in rows:
                cells = cells_of(table.headings, row, layout)
                try:
                    read.append((number, to_submission(cells, layout, agencies=agencies, at=at)))
                except RowError as error:
                    if any(row):
                        plan.rejected.append(Rejected(number, str(error)))
            before = _held(session, [each for _, each in read])
            for number, each in read:
                _place(number, each, before=before, planned=planned, plan=plan)
    plan.rejected.sort(key=lambda row: row.number)
    return plan


def run(store: Store, table: ExportTable, layout: Layout, *, actor: str) -> Plan:
    """Import *table*; give what was done. Running it again keeps nothing twice.

    Raises:
        StoreUnavailableError: If the database does not answer; what was kept until then stays, and
            importing the same file again goes on from there.
        TableError: If no column holds the words.
    """
    plan = check(store, table, layout)
    for rows in _in_batches(plan.new):
        with store.writing() as session:
            _make_agencies(session, [each for _, each in rows], actor)
            for number, each in rows:
                try:
                    keep(session, each, sender=_sender(each), actor=actor)
                except ConflictError:  # somebody imported it since the check
                    plan.rejected.append(Rejected(number, CHANGED))
    with store.writing() as session:
        told = {
            "new": len(plan.new),
            "repeated": plan.repeated,
            "rejected": len(plan.rejected),
            "history": plan.history,
        }
        record(session, actor=actor, action=Action.IMPORTED, target="import:contacts", details=told)
    return plan


def rejected_csv(table: ExportTable, rejected: Sequence[Rejected]) -> bytes:
    """Give the rejected rows as they came, with number and reason, to be mended and sent again."""
    rows = ((each.number, each.reason, *table.rows[each.number - 1]) for each in rejected)
    return write_csv(("row", "reason", *table.headings), rows)


def _place(number: int, each: Submission, *, before: Held, planned: Held, plan: Plan) -> None:
    """Put a row where it belongs, by what was imported *before* and what is *planned* already."""
    key, digest = (_sender(each), each.client_key), hash_text(each.text)
    held = before.get(key, planned.get(key))  # of one that was erased the hash is empty
    if held is None:
        planned[key] = digest
        plan.new.append((number, each))
    elif held == digest:
        plan.repeated += 1
    else:
        plan.rejected.append(Rejected(number, CHANGED))


def _held(session: Session, given: Sequence[Submission]) -> Held:
    keys = [(_sender(each), each.client_key) for each in given]
    found = select(Contact.sender, Contact.client_key, Contact.narrative_hash).where(
        tuple_(Contact.sender, Contact.client_key).in_(keys)
    )
    return {(row.sender, row.client_key): row.narrative_hash for row in session.execute(found)}


def _sender(given: Submission) -> str:
    """The same for everybody who imports: their names must not make one contact two."""
    return f"import:{given.agency_id}"


def _agencies(session: Session) -> Agencies:
    found = session.execute(select(Agency.id, Agency.name)).all()
    return Agencies({name.lower(): row.id for row in found for name in (row.name, row.id)})


def _make_agencies(session: Session, given: Sequence[Submission], actor: str) -> None:
    """Keep the senders that are known only by a source code, where they are first needed."""
    wanted = {each.agency_id for each in given}
    for code, source in codes().sources.items():
        agency_id = source_agency(code)
        if agency_id in wanted and session.get(Agency, agency_id) is None:
            made = Agency(id=agency_id, name=source.name, kind=source.kind, source_code=code)
            session.add(made)
            target = f"agency:{agency_id}"
            record(session, actor=actor, action=Action.AGENCY_CHANGED, target=target)


def _in_batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER))
