"""Dip samples: decided contacts looked at again by a second person, who sees no first answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotAllowedError, NotFoundError
from api.access.identity import Identity
from api.hub.agreement import Agreement, agreement
from api.store.audit import record
from api.store.codes import Action, Outcome
from api.store.tables import Agency, Contact, Decision, DipRating, DipSample, SampledContact, User
from nlp.domain import Level


@dataclass(frozen=True)
class SampleView:
    """A sample with what became of it; ``left`` are those that the asker can still rate."""

    sample: DipSample
    drawn_by: str
    size: int
    rated: int
    left: int


@dataclass(frozen=True)
class Pair:
    """Both answers on one contact."""

    contact_id: str
    agency: str
    first: Decision
    second: DipRating

    @property
    def differs(self) -> bool:
        """Did the second person say anything else?"""
        return (self.first.level, self.first.outcome) != (self.second.level, self.second.outcome)


def list_samples(session: Session, *, asker: Identity) -> list[SampleView]:
    """Give every sample, the newest first."""
    rows = session.execute(
        select(DipSample, User.name)
        .join(User, User.id == DipSample.drawn_by)
        .order_by(DipSample.drawn_at.desc())
    )
    return [_view(session, sample, name, asker) for sample, name in rows]


def find_sample(session: Session, sample_id: str, *, asker: Identity) -> SampleView:
    """Give one sample.

    Raises:
        NotFoundError: If there is none.
    """
    sample = session.get(DipSample, sample_id)
    if sample is None:
        raise NotFoundError("sample")
    return _view(session, sample, session.get_one(User, sample.drawn_by).name, asker)


def next_to_rate(session: Session, sample_id: str, *, asker: Identity) -> Contact | None:
    """Give a contact of the sample that nobody rated and *asker* did not decide or sign."""
    contact_id = session.scalar(
        _left(sample_id, asker).order_by(SampledContact.contact_id).limit(1)
    )
    return session.get(Contact, contact_id) if contact_id else None


def rate(
    session: Session,
    sample_id: str,
    contact_id: str,
    *,
    outcome: Outcome,
    level: Level,
    note: str,
    by: Identity,
) -> None:
    """Keep what the second person says; one second answer is enough, and it stays.

    Raises:
        NotFoundError: If the contact is not in the sample.
        NotAllowedError: If *by* decided or signed it.
        ConflictError: If somebody else has rated it meanwhile.
    """
    _refuse_second_answer(session, sample_id, contact_id, by)
    session.add(
        DipRating(
            sample_id=sample_id,
            contact_id=contact_id,
            rated_by=by.id,
            outcome=outcome,
            level=level,
            note=note.strip() or None,
        )
    )
    record(
        session,
        actor=by.actor,
        action=Action.SAMPLE_RATED,
        target=f"contact:{contact_id}",
        details={"sample": sample_id, "outcome": outcome, "level": level},
    )


def find_pairs(session: Session, sample_id: str) -> list[Pair]:
    """Give both answers on every contact that was rated."""
    rows = session.execute(
        select(DipRating, Decision, Agency.name)
        .join(
            SampledContact,
            (SampledContact.sample_id == DipRating.sample_id)
            & (SampledContact.contact_id == DipRating.contact_id),
        )
        .join(Decision, Decision.id == SampledContact.decision_id)
        .join(Contact, Contact.id == DipRating.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(DipRating.sample_id == sample_id)
        .order_by(DipRating.rated_at)
    )
    return [Pair(rating.contact_id, agency, first, rating) for rating, first, agency in rows]


def agreement_of(pairs: Sequence[Pair]) -> Agreement | None:
    """Give how far the levels of *pairs* agree."""
    return agreement([(each.first.level, each.second.level) for each in pairs])


def _view(session: Session, sample: DipSample, drawn_by: str, asker: Identity) -> SampleView:
    sampled = select(func.count()).select_from(SampledContact)
    return SampleView(
        sample=sample,
        drawn_by=drawn_by,
        size=session.scalar(sampled.where(SampledContact.sample_id == sample.id)) or 0,
        rated=len(session.scalars(_ratings(sample.id)).all()),
        left=len(session.scalars(_left(sample.id, asker)).all()),
    )


def _refuse_second_answer(session: Session, sample_id: str, contact_id: str, by: Identity) -> None:
    """Refuse what `rate` refuses; nobody else rates the contact until *session* ends."""
    sampled = session.get(SampledContact, (sample_id, contact_id), with_for_update=True)
    if sampled is None:
        raise NotFoundError("contact of the sample")
    first = session.get_one(Decision, sampled.decision_id)
    if by.id in (first.made_by, first.signed_by):
        raise NotAllowedError
    if session.scalar(_ratings(sample_id).where(DipRating.contact_id == contact_id)):
        raise ConflictError("Somebody else has rated this contact meanwhile. Nothing was changed.")


def _ratings(sample_id: str) -> Select[str]:
    return select(DipRating.id).where(DipRating.sample_id == sample_id)


def _left(sample_id: str, asker: Identity) -> Select[str]:
    rated = exists().where(
        DipRating.sample_id == SampledContact.sample_id,
        DipRating.contact_id == SampledContact.contact_id,
    )
    return (
        select(SampledContact.contact_id)
        .join(Decision, Decision.id == SampledContact.decision_id)
        .join(Contact, Contact.id == SampledContact.contact_id)
        .where(
            SampledContact.sample_id == sample_id,
            ~rated,
            Decision.made_by != asker.id,
            Decision.signed_by.is_(None) | (Decision.signed_by != asker.id),
            Contact.erased_at.is_(None),
        )
    )
