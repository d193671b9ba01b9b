"""What staff decided of a contact, with what the silent reader and the one in service had said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from api.figures.facts import STANDS
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

    Of several decisions the last counts that stands. *since* leaves out contacts that were decided
    before.
    """
    rows = _decided(reader)
    if since is not None:
        rows = rows.where(Decision.made_at >= since)
    return tuple(_case(row) for row in session.execute(rows))


def _decided(reader: str) -> Select[*tuple[Any, ...]]:
    silent, served = aliased(SilentAnswer, name="silent"), aliased(SilentAnswer, name="served")
    beside = (served.contact_id == silent.contact_id) & (served.reader == reader) & served.served
    by_decider = (FirstView.contact_id == Contact.id) & (FirstView.user_id == Decision.made_by)
    made_at = func.max(Decision.made_at).label("made_at")
    last = select(Decision.contact_id, made_at).where(*STANDS).group_by(Decision.contact_id)
    latest = last.subquery()
    return (
        select(
            # Not the contact itself: its words would be decrypted for nothing.
            Contact.id,
            Contact.form,
            Contact.agency_id,
            Agency.name.label("agency"),
            Agency.kind,
            Decision.made_at,
            Decision.level,
            Decision.outcome,
            Decision.reader_seen_first,
            Decision.notification_inappropriate,
            FirstView.level.label("first_view"),
            silent,
            served,
        )
        .select_from(silent)
        .join(Contact, Contact.id == silent.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(latest, latest.c.contact_id == Contact.id)
        .join(
            Decision, (Decision.contact_id == Contact.id) & (Decision.made_at == latest.c.made_at)
        )
        .outerjoin(FirstView, by_decider)
        .outerjoin(served, beside)
        .where(silent.reader == reader, silent.served.is_(False), *STANDS)
        .order_by(Decision.made_at, Contact.id)
    )


def _case(row: Row[*tuple[Any, ...]]) -> Case:
    return Case(
        contact_id=row.id,
        agency_id=row.agency_id,
        agency=row.agency,
        kind=row.kind,
        form=row.form,
        decided_at=row.made_at,
        level=row.level,
        outcome=row.outcome,
        said_inappropriate=row.notification_inappropriate,
        own_view=row.first_view or (None if row.reader_seen_first else row.level),
        gave_first_view=row.first_view is not None,
        beforehand=row.silent.made_at <= row.made_at,
        silent=_answer(row.silent),
        in_service=_answer(row.served) if row.served else None,
    )


def _answer(row: SilentAnswer) -> Answer:
    lowest, highest = LEVELS.index(row.lowest_level), LEVELS.index(row.highest_level)
    return Answer(
        level=row.level,
        probability=float(row.probabilities[row.level]),
        plausible=LEVELS[lowest : highest + 1],
        inappropriate=row.inappropriate,
    )
