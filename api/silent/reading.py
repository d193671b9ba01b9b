"""Read contacts with a reader that nobody is shown, and keep its answers to be compared.

Nothing but this package reads what is kept: it is on no page about a contact, in no queue, file,
view or answer of the API.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.exc import IntegrityError

from api.assessor import Assessor
from api.intake.scoring import SYSTEM, as_assessment, earlier_contacts, latest
from api.logs import Event, log_failure
from api.silent.answers import answer_of
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import Agency, Contact, SilentAnswer, SilentRun
from nlp import domain
from nlp.assess import assess
from nlp.assessment import Assessment
from nlp.reading import Reader

MOST_FAILED = 20  # a reader that fails so often is broken


@dataclass(frozen=True)
class SilentReader:
    """A reader that answers silently, with the rules and forms of the one in service."""

    reader: Reader
    guidance: Assessor

    @property
    def name(self) -> str:
        """As every record names it."""
        return self.reader.name


def open_silent_reader(folder: Path, guidance: Assessor) -> SilentReader:
    """Load the reader in *folder*, which is laid out like ``models/released``.

    Raises:
        ArtefactError: If it is missing or damaged.
    """
    # Imported only where it is wanted: the reader brings scikit-learn, a second to load.
    from models.predict import load_reader

    return SilentReader(load_reader(released=folder), replace(guidance, reader=None))


def begin(store: Store, reader: str) -> datetime:
    """Give since when *reader* reads silently; that is now, if it has not begun.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        run = session.get(SilentRun, reader)
    if run is not None:
        return run.started_at
    try:
        with store.writing() as session:
            run = SilentRun(reader=reader, started_at=now())
            session.add(run)
            record(
                session,
                actor=SYSTEM,
                action=Action.SILENT_STARTED,
                target=target_of(reader),
            )
    except IntegrityError:  # another server began at the same moment
        return begin(store, reader)
    return run.started_at


def target_of(reader: str) -> str:
    """Give how the audit log names a silent reader, as far as its column is wide."""
    return f"reader:{reader}"[:80]


def find_unread(
    store: Store,
    reader: str,
    *,
    since: datetime | None = None,
    scored_only: bool = False,
    without: Collection[str] = (),
    at_most: int = 100,
) -> list[str]:
    """Give contacts that the silent *reader* has not read, the first to come first.

    Args:
        store: Where they are.
        reader: Its name.
        since: Only those received from then on.
        scored_only: Only those that the reader in service has read.
        without: Contacts to leave out.
        at_most: How many to give.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    found = select(Contact.id).where(*_unread(reader, since=since), Contact.id.not_in(without))
    found = found.order_by(Contact.received_at, Contact.id)
    if scored_only:
        found = found.where(Contact.scored)
    with store.reading() as session:
        return list(session.scalars(found.limit(at_most)))


def count_unread(store: Store, reader: str, *, since: datetime | None = None) -> int:
    """Give how many contacts the silent *reader* has not read.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        counted = select(func.count()).select_from(Contact).where(*_unread(reader, since=since))
        return session.scalar(counted) or 0


def read_silently(store: Store, contact_id: str, silent: SilentReader) -> bool:
    """Read one contact and keep the answer, with that of the reader in service beside it.

    Gives whether it was kept: a contact that was erased, or read by this reader before, is left.
    The reading is done outside the transaction, and whatever it raises is the caller's to bear:
    nothing of the contact changes.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        contact = session.get(Contact, contact_id)
        if contact is None or contact.narrative is None:
            return False
        agency = session.get(Agency, contact.agency_id)
        earlier = earlier_contacts(session, contact)
        stored = latest(contact)
    answers = {False: _read(silent, contact, agency, earlier)}
    if stored is not None:
        answers[True] = as_assessment(stored)
    try:
        with store.writing() as session:
            # Held against erasing, which must not miss what comes while it is at work.
            locked = {"key_share": True}
            contact = session.get_one(Contact, contact_id, with_for_update=locked)
            if contact.narrative is None:
                return False
            session.add_all(
                answer_of(each, contact_id=contact_id, reader=silent.name, served=served)
                for served, each in answers.items()
            )
    except IntegrityError:  # it was read before, or by another server meanwhile
        return False
    return True


def try_to_read(store: Store, contact_id: str, silent: SilentReader, failed: set[str]) -> bool:
    """Read one contact as `read_silently` does, or log that it *failed* and note it there.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    try:
        return read_silently(store, contact_id, silent)
    except StoreUnavailableError:
        raise
    except Exception as error:  # whatever fails, the next contact may be read
        log_failure(Event.SILENT_READING_FAILED, error)
        failed.add(contact_id)
        return False


def _read(
    silent: SilentReader, contact: Contact, agency: Agency | None, earlier: int | None
) -> Assessment:
    guidance = silent.guidance
    return assess(
        domain.Contact(
            text=contact.narrative or "",
            form=contact.form,
            agency=agency.kind if agency else None,
            earlier_contacts=earlier,
        ),
        reader=silent.reader,
        framework=guidance.framework(None),
        form=guidance.form(contact.form, contact.form_type),
        rulebook=guidance.rulebook,
    )


def _unread(reader: str, *, since: datetime | None) -> list[ColumnElement[bool]]:
    answered = exists().where(
        SilentAnswer.contact_id == Contact.id,
        SilentAnswer.reader == reader,
        SilentAnswer.served.is_(False),
    )
    conditions = [Contact.erased_at.is_(None), Contact.narrative.is_not(None), ~answered]
    return conditions if since is None else [*conditions, Contact.received_at >= since]
