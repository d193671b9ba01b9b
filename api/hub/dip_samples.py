"""Dip samples: decided contacts looked at again by a second person, who sees no first answer."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotAllowedError, NotFoundError
from api.access.identity import Identity
from api.hub.agreement import Agreement, agreement
from api.store.audit import record
from api.store.codes import Action, Outcome, Stage
from api.store.columns import now
from api.store.tables import Agency, Contact, Decision, DipRating, DipSample, SampledContact, User
from nlp.domain import Level
from nlp.errors import ReferralQualityError

MOST = 200
PERIODS = (30, 90, 180, 365)  # days back that a sample can be drawn from
LARGEST_SEED = 999_999


class Strata(StrEnum):
    """What a sample can be spread over."""

    AGENCY = "agency"
    OUTCOME = "outcome"
    LEVEL = "level"


class SampleError(ReferralQualityError):
    """A sample cannot be drawn like this."""


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


def draw(
    session: Session,
    *,
    size: int,
    days: int,
    by: Identity,
    strata: Strata | None = None,
    seed: int | None = None,
    at: datetime | None = None,
) -> DipSample:
    """Draw *size* of the contacts decided in the last *days*, or all where there are fewer.

    With *strata* each of its groups gets its share of the sample, and at least one. The same seed
    draws the same contacts again from the same decisions.

    Raises:
        SampleError: If there is nothing to draw from, or the size, days or seed are out of range.
    """
    _refuse_out_of_range(size, days, seed)
    seed = random.SystemRandom().randint(1, LARGEST_SEED) if seed is None else seed
    since = (at or now()) - timedelta(days=days)
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in session.execute(_standing().where(Decision.made_at >= since)):
        contact_id, decision_id, agency_id, outcome, level = row
        group = {Strata.AGENCY: agency_id, Strata.OUTCOME: outcome, Strata.LEVEL: level}
        groups.setdefault(str(group[strata]) if strata else "", []).append(
            (contact_id, decision_id)
        )
    if not groups:
        raise SampleError(f"No contact was decided in the last {days} days; choose a longer time.")
    sample = DipSample(
        drawn_by=by.id, seed=seed, strata=strata, filters={"days": days, "size": size}
    )
    session.add(sample)
    session.flush()
    chosen = choose(groups, size=size, seed=seed)
    session.add_all(
        SampledContact(sample_id=sample.id, contact_id=contact, decision_id=decision)
        for contact, decision in chosen
    )
    record(
        session,
        actor=by.actor,
        action=Action.SAMPLE_DRAWN,
        target=f"sample:{sample.id}",
        details={"contacts": len(chosen), "seed": seed, "strata": strata, "days": days},
    )
    return sample


def choose(
    groups: Mapping[str, Sequence[tuple[str, str]]], *, size: int, seed: int
) -> list[tuple[str, str]]:
    """Give *size* members of *groups*, of each by its share and one at least.

    Where there are more groups than *size*, the largest get one each.
    """
    chance = random.Random(seed)  # noqa: S311 - to be drawn again, not to be secret
    chosen: list[tuple[str, str]] = []
    for name, number in allot({n: len(m) for n, m in groups.items()}, size=size).items():
        chosen.extend(chance.sample(sorted(groups[name]), number))
    return chosen


def allot(sizes: Mapping[str, int], *, size: int) -> dict[str, int]:
    """Give how many to draw from each group of these *sizes*: the next to whom most is lacking."""
    total = sum(sizes.values())
    size = min(size, total)
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))[:size]
    given = dict.fromkeys(largest, 1)
    while sum(given.values()) < size:
        open_to = [name for name in largest if given[name] < sizes[name]]
        given[max(open_to, key=lambda name: sizes[name] * size / total - given[name])] += 1
    return {name: given[name] for name in sorted(given)}


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
    sampled = session.get(SampledContact, (sample_id, contact_id), with_for_update=True)
    if sampled is None:
        raise NotFoundError("contact of the sample")
    first = session.get_one(Decision, sampled.decision_id)
    if by.id in (first.made_by, first.signed_by):
        raise NotAllowedError
    if session.scalar(_ratings(sample_id).where(DipRating.contact_id == contact_id)):
        raise ConflictError("Somebody else has rated this contact meanwhile. Nothing was changed.")
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


def _standing() -> Select[str, str, str, Outcome, Level]:
    """The last decision on each contact that is decided and whose words are kept."""
    last = (
        select(Decision.contact_id, func.max(Decision.made_at).label("made_at"))
        .where(Decision.sent_back_by.is_(None))
        .group_by(Decision.contact_id)
        .subquery()
    )
    return (
        select(Contact.id, Decision.id, Contact.agency_id, Decision.outcome, Decision.level)
        .join(Decision, Decision.contact_id == Contact.id)
        .join(
            last,
            (last.c.contact_id == Decision.contact_id) & (last.c.made_at == Decision.made_at),
        )
        .where(Contact.stage == Stage.DECIDED, Contact.erased_at.is_(None))
    )


def _refuse_out_of_range(size: int, days: int, seed: int | None) -> None:
    if not 1 <= size <= MOST:
        raise SampleError(f"Give a number of contacts from 1 to {MOST}.")
    if days not in PERIODS:
        raise SampleError("Choose one of the periods.")
    if seed is not None and not 1 <= seed <= LARGEST_SEED:
        raise SampleError(f"Give a seed from 1 to {LARGEST_SEED:,}, or leave it empty.")


def _view(session: Session, sample: DipSample, drawn_by: str, asker: Identity) -> SampleView:
    sampled = select(func.count()).select_from(SampledContact)
    return SampleView(
        sample=sample,
        drawn_by=drawn_by,
        size=session.scalar(sampled.where(SampledContact.sample_id == sample.id)) or 0,
        rated=len(session.scalars(_ratings(sample.id)).all()),
        left=len(session.scalars(_left(sample.id, asker)).all()),
    )


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
