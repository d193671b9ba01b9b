"""Draw a dip sample of decided contacts: by chance, or spread over agencies, outcomes or levels."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.store.audit import record
from api.store.codes import Action, Outcome, Stage
from api.store.columns import now
from api.store.tables import Contact, Decision, DipSample, SampledContact
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
    groups = _groups(session, strata, since=(at or now()) - timedelta(days=days))
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


def _groups(
    session: Session, strata: Strata | None, *, since: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Contacts decided *since*, each with its decision, by what the sample is spread over."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in session.execute(_standing().where(Decision.made_at >= since)):
        contact_id, decision_id, agency_id, outcome, level = row
        group = {Strata.AGENCY: agency_id, Strata.OUTCOME: outcome, Strata.LEVEL: level}
        name = str(group[strata]) if strata else ""
        groups.setdefault(name, []).append((contact_id, decision_id))
    return groups


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
