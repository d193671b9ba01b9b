"""Police notifications that look inappropriate: seen, and confirmed or rejected, one at a time.

What a person says is kept as a correction, which is a labelled example. It decides nothing: the
contact keeps its place in the queue until somebody decides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub.changing import take
from api.hub.corrections import (
    APPROPRIATE,
    INAPPROPRIATE,
    NOTIFICATION,
    CorrectionGiven,
    keep_corrections,
)
from api.hub.first_views import is_hidden
from api.hub.marking import Mark, MarkKind, Segment, cut, find_marks
from api.hub.order import by_order
from api.intake.links import count_earlier
from api.intake.scoring import as_assessment, latest
from api.store.audit import note_read, record
from api.store.codes import Action, CorrectionKind, Stage
from api.store.opening import Store
from api.store.tables import Contact, Correction
from nlp.assessment import NotificationFinding
from nlp.domain import Form
from nlp.rule_files import RuleFile, loader_of

# What bears on whether a child is worried about: the rest of the marks would hide these.
SHOWN = frozenset({MarkKind.FLAG, MarkKind.MENTIONED, MarkKind.LEVEL})

MOST_FOLLOWED = 500  # so many can be leafed through


class Answer(StrEnum):
    """What a person has said of a notification that looks inappropriate."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class NotificationWords(RuleFile):
    """``notifications.yaml``."""

    intro: str
    never: str
    never_if: tuple[str, ...]
    undecided: str
    hidden: str
    first_view: str


@dataclass(frozen=True)
class Look:
    """All that is needed to judge one notification; ``quotes`` are its own words.

    ``following`` is the id of the next one to look at, if there is one. ``hidden`` asks for a first
    view: then there is no finding, and nothing in the text is marked.
    """

    contact: Contact
    hidden: bool
    finding: NotificationFinding | None
    segments: Sequence[Segment]
    quotes: Sequence[str]
    earlier: int
    following: str | None


load_words = loader_of(Path(__file__).with_suffix(".yaml"), NotificationWords)


def to_check() -> Select[str]:
    """Give the query for the ids of those that nobody has looked at, not ordered."""
    said = select(Correction.id).where(
        Correction.contact_id == Contact.id, Correction.kind == CorrectionKind.NOTIFICATION
    )
    return select(Contact.id).where(
        Contact.stage == Stage.WAITING,
        Contact.form == Form.PPN,
        Contact.looks_inappropriate.is_(True),
        Contact.erased_at.is_(None),
        ~said.exists(),
    )


def count_to_check(session: Session) -> int:
    """Count those that nobody has looked at."""
    return session.scalar(select(func.count()).select_from(to_check().subquery())) or 0


def first_to_check(session: Session, *, most: int) -> list[str]:
    """Give the ids of those to look at, in the order of the queue."""
    return list(session.scalars(to_check().order_by(*by_order()).limit(most)))


def answers(session: Session, ids: Sequence[str]) -> Mapping[str, Answer]:
    """Give what was last said of these contacts, where anything was."""
    said = session.execute(
        select(Correction.contact_id, Correction.corrected)
        .where(Correction.contact_id.in_(ids), Correction.kind == CorrectionKind.NOTIFICATION)
        .order_by(Correction.made_at)
    )
    return {
        contact: Answer.CONFIRMED if corrected == INAPPROPRIATE else Answer.REJECTED
        for contact, corrected in said
    }


def findings(
    session: Session, ids: Sequence[str], *, asker: Identity, hide: bool
) -> Mapping[str, NotificationFinding]:
    """Give what the last reading of each of these contacts says of the notification.

    With *hide*, the setting ``hide_reading_until_decided``, only of those that *asker* has given a
    first view of.
    """
    contacts = session.scalars(select(Contact).where(Contact.id.in_(ids)))
    found = {
        each.id: _finding(each)
        for each in contacts
        if not is_hidden(session, each, asker=asker, hide=hide)
    }
    return {contact: finding for contact, finding in found.items() if finding}


def look(store: Store, contact_id: str, *, by: Identity, hide: bool = False) -> Look:
    """Give one notification with all that speaks for and against, and note who read it.

    With *hide* only its text is given until *by* has given a first view of it.

    Raises:
        NotFoundError: If there is none, or it does not look inappropriate.
    """
    with store.writing() as session:
        contact = session.get(Contact, contact_id)
        finding = _finding(contact) if contact else None
        stored = latest(contact) if contact else None
        if contact is None or finding is None or stored is None or contact.narrative is None:
            raise NotFoundError("notification to look at")
        hidden = is_hidden(session, contact, asker=by, hide=hide)
        found = () if hidden else find_marks(as_assessment(stored))
        marks = [each for each in found if each.kind in SHOWN]
        note_read(session, contact_id, actor=by.actor, page="notification", hidden=hidden)
        return Look(
            contact=contact,
            hidden=hidden,
            finding=None if hidden else finding,
            segments=cut(contact.narrative, marks),
            quotes=[contact.narrative[mark.start : mark.end] for mark in _in_order(marks)],
            earlier=max(contact.earlier_contacts or 0, count_earlier(session, contact)),
            following=_following(session, contact_id),
        )


def answer(
    store: Store, contact_id: str, *, inappropriate: bool, version: int, by: Identity
) -> str | None:
    """Keep what a person says of one notification; give the next to look at, if there is one.

    Raises:
        ChangedMeanwhileError: If the contact changed since they opened it.
        NotFoundError: If there is no such contact.
    """
    corrected = INAPPROPRIATE if inappropriate else APPROPRIATE
    given = CorrectionGiven(CorrectionKind.NOTIFICATION, NOTIFICATION, corrected)
    with store.writing() as session:
        contact = take(session, contact_id, version=version)
        stored = latest(contact)
        if stored is None:
            raise NotFoundError("notification to look at")
        keep_corrections(session, contact, stored, [given], by=by.id)
        record(
            session,
            actor=by.actor,
            action=Action.NOTIFICATION_CONFIRMED,
            target=f"contact:{contact_id}",
            details={"said": corrected, "reasons": stored.reasons},
        )
        following = first_to_check(session, most=1)
        return following[0] if following else None


def _following(session: Session, contact_id: str) -> str | None:
    """The next to look at in the order of the queue; after the last the first again."""
    ids = first_to_check(session, most=MOST_FOLLOWED)
    place = ids.index(contact_id) + 1 if contact_id in ids else 0
    others = [each for each in [*ids[place:], *ids[:place]] if each != contact_id]
    return others[0] if others else None


def _finding(contact: Contact) -> NotificationFinding | None:
    stored = latest(contact)
    finding = as_assessment(stored).notification if stored else None
    return finding if finding and not finding.appropriate else None


def _in_order(marks: Sequence[Mark]) -> Sequence[Mark]:
    """Each stretch once, as the text goes."""
    return sorted({mark.start: mark for mark in marks}.values(), key=lambda mark: mark.start)
