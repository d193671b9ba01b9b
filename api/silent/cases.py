"""What staff decided of a contact, with what the silent reader and the one in service had said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from api.store.codes import Outcome
from api.store.tables import Agency, Contact, Decision, FirstView, SilentAnswer
from nlp import domain
from nlp.domain import LEVELS, Form, Level

SERIOUS = frozenset({Level.CHILD_IN_NEED, Level.CHILD_PROTECTION})
SERIOUS_OUTCOMES = frozenset({Outcome.REFERRAL, Outcome.CP_ENQUIRY})


@dataclass(frozen=True)
class Answer:
    """What one reader said: ``inappropriate`` is ``None`` for a referral."""

    level: Level
    probability: float
    plausible: tuple[Level, ...]
    inappropriate: bool | None


@dataclass(frozen=True)
class Case:
    """A decided contact. ``in_service`` is ``None`` where no reader in service had read it.

    ``own_view`` is a level that was given before any reading had been seen: the first view of who
    decided, or the decision where there was no reading to see. ``beforehand`` says that the
    silent reader had answered before staff decided.
    """

    contact_id: str
    agency_id: str
    agency: str
    kind: domain.Agency
    form: Form
    decided_at: datetime
    level: Level
    outcome: Outcome
    said_inappropriate: bool | None
    own_view: Level | None
    gave_first_view: bool
    beforehand: bool
    silent: Answer
    in_service: Answer | None

    @property
    def is_protection(self) -> bool:
        """Did staff decide that a child may have to be protected?"""
        return self.level is Level.CHILD_PROTECTION or self.outcome is Outcome.CP_ENQUIRY

    @property
    def is_serious(self) -> bool:
        """Did staff decide on social care, or on a level that calls for it?"""
        return self.level in SERIOUS or self.outcome in SERIOUS_OUTCOMES


def find_cases(session: Session, reader: str, *, since: datetime | None = None) -> tuple[Case, ...]:
    """Give every decided contact that the silent *reader* has read, in order of decision.

    Of several decisions the last counts, once it needs no signature any more. *since* leaves out
    contacts that were decided before.
    """
    return tuple(_cases(session, reader, since))


def _cases(session: Session, reader: str, since: datetime | None) -> Iterator[Case]:
    stands = (
        Decision.sent_back_by.is_(None),
        Decision.needs_sign_off.is_(False) | Decision.signed_by.is_not(None),
    )
    last = (
        select(Decision.contact_id, func.max(Decision.made_at).label("made_at"))
        .where(*stands)
        .group_by(Decision.contact_id)
        .subquery()
    )
    silent, served = aliased(SilentAnswer), aliased(SilentAnswer)
    beside = (served.contact_id == silent.contact_id) & (served.reader == reader) & served.served
    rows = (
        select(
            # Not the rows themselves: their words would be decrypted for nothing.
            Contact.id,
            Contact.form,
            Contact.agency_id,
            Agency.name,
            Agency.kind,
            Decision.made_at,
            Decision.level,
            Decision.outcome,
            Decision.reader_seen_first,
            Decision.notification_inappropriate,
            FirstView.level,
            silent,
            served,
        )
        .select_from(silent)
        .join(Contact, Contact.id == silent.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(last, last.c.contact_id == Contact.id)
        .join(Decision, (Decision.contact_id == Contact.id) & (Decision.made_at == last.c.made_at))
        .outerjoin(
            FirstView,
            (FirstView.contact_id == Contact.id) & (FirstView.user_id == Decision.made_by),
        )
        .outerjoin(served, beside)
        .where(silent.reader == reader, silent.served.is_(False), *stands)
        .order_by(Decision.made_at, Contact.id)
    )
    if since is not None:
        rows = rows.where(Decision.made_at >= since)
    for *row, said, served_said in session.execute(rows):
        yield _case(tuple(row), said, served_said)


def _case(row: tuple[Any, ...], silent: SilentAnswer, served: SilentAnswer | None) -> Case:
    contact_id, form, agency_id, agency, kind, made_at, level, outcome, seen, said, first = row
    return Case(
        contact_id=contact_id,
        agency_id=agency_id,
        agency=agency,
        kind=kind,
        form=form,
        decided_at=made_at,
        level=level,
        outcome=outcome,
        said_inappropriate=said,
        own_view=first or (None if seen else level),
        gave_first_view=first is not None,
        beforehand=silent.made_at <= made_at,
        silent=_answer(silent),
        in_service=_answer(served) if served else None,
    )


def _answer(row: SilentAnswer) -> Answer:
    lowest, highest = LEVELS.index(row.lowest_level), LEVELS.index(row.highest_level)
    return Answer(
        level=row.level,
        probability=float(row.probabilities[row.level]),
        plausible=LEVELS[lowest : highest + 1],
        inappropriate=row.inappropriate,
    )
