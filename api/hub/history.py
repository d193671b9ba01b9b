"""What else is known beside a contact: the same child before, earlier readings, and who saw it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub.changing import take
from api.matching.reasons import put_differences, put_reasons
from api.store.audit import record
from api.store.codes import Action, LinkState, Outcome, Stage
from api.store.columns import now
from api.store.tables import Agency, AuditRow, Contact, Decision, SameChild, User
from nlp.domain import Form, Level

YEAR = timedelta(days=365)
MOST_ACTS = 100


@dataclass(frozen=True)
class LinkedContact:
    """Another contact about a child who may be the same, and what became of it."""

    link_id: str
    contact_id: str
    earlier: bool
    received_at: datetime
    agency: str
    form: Form
    stage: Stage
    level: Level | None
    outcome: Outcome | None
    state: LinkState
    family_only: bool
    reasons: tuple[str, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """A row of the audit log in a person's words; ``who`` is a name."""

    number: int
    at: datetime
    who: str
    action: Action
    role: str | None


def find_linked(session: Session, contact: Contact) -> list[LinkedContact]:
    """Give the contacts linked with this one, confirmed before suggested, the latest first."""
    links = session.scalars(
        select(SameChild).where(
            or_(SameChild.later_id == contact.id, SameChild.earlier_id == contact.id)
        )
    ).all()
    found = [_linked(session, link, contact) for link in links]
    order = [LinkState.CONFIRMED, LinkState.SUGGESTED, LinkState.REJECTED]
    found.sort(key=lambda each: each.received_at, reverse=True)
    return sorted(found, key=lambda each: order.index(each.state))


def count_in_year(contact: Contact, linked: Iterable[LinkedContact]) -> int:
    """Count the confirmed contacts about this child in the twelve months before this one."""
    since = contact.received_at - YEAR
    return sum(
        each.earlier
        and each.state is LinkState.CONFIRMED
        and not each.family_only
        and each.received_at >= since
        for each in linked
    )


def say_of_link(
    session: Session, contact_id: str, link_id: str, *, same: bool, by: Identity
) -> SameChild:
    """Keep what a person says of a link: the same child or family, or not.

    Raises:
        NotFoundError: If the contact has no such link.
    """
    take(session, contact_id)
    link = session.get(SameChild, link_id)
    if link is None or contact_id not in {link.later_id, link.earlier_id}:
        raise NotFoundError("link")
    said = LinkState.CONFIRMED if same else LinkState.REJECTED
    # The log before the link, in the order of whoever suggests links: neither waits for the other.
    record(
        session,
        actor=by.actor,
        action=Action.CHILD_MATCHED,
        target=f"contact:{contact_id}",
        details={"link": link.id, "state": said},
    )
    link.state, link.said_by, link.said_at = said, by.id, now()
    return link


def mark_open(
    session: Session, contact_id: str, *, worker: str, by: Identity, version: int | None = None
) -> None:
    """Keep that the child is already open to *worker*; an empty name takes it back.

    Raises:
        NotFoundError, ChangedMeanwhileError: As `take` does.
    """
    contact = take(session, contact_id, version=version)
    contact.open_to = worker.strip()[:120] or None
    record(
        session,
        actor=by.actor,
        action=Action.CASE_MARKED_OPEN,
        target=f"contact:{contact_id}",
        details={"open": contact.open_to is not None},
    )


def find_acts(
    session: Session, contact_id: str, *, after: int = 0, seen_too: bool = True
) -> list[Act]:
    """Give what was done with a contact, the latest first, at most `MOST_ACTS`.

    *after* is the number of a row of the log; without *seen_too* only what changed something.
    """
    rows = select(AuditRow).where(AuditRow.target == f"contact:{contact_id}")
    if not seen_too:
        rows = rows.where(AuditRow.action != Action.CONTACT_READ)
    found = session.scalars(
        rows.where(AuditRow.number > after).order_by(AuditRow.number.desc()).limit(MOST_ACTS)
    ).all()
    people = people_named(session, (row.actor.partition(":")[2] for row in found))
    return [_act(row, people) for row in found]


def last_decision(session: Session, contact_id: str) -> Decision | None:
    """Give what was last decided on a contact, signed or not."""
    made = select(Decision).where(Decision.contact_id == contact_id)
    return session.scalars(made.order_by(Decision.made_at.desc()).limit(1)).first()


def people_named(session: Session, ids: Iterable[str | None]) -> Mapping[str, User]:
    """Give the people with these ids."""
    wanted = {each for each in ids if each}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(wanted)))}


def _act(row: AuditRow, people: Mapping[str, User]) -> Act:
    kind, _, actor_id = row.actor.partition(":")
    user = people.get(actor_id)
    unnamed = "A partner's system" if kind == "key" else "This service"
    who = user.name if user else unnamed
    return Act(row.number, row.at, who, row.action, user.role if user else None)


def _linked(session: Session, link: SameChild, contact: Contact) -> LinkedContact:
    earlier = link.later_id == contact.id
    other = session.get_one(Contact, link.earlier_id if earlier else link.later_id)
    agency = session.get_one(Agency, other.agency_id)
    decision = last_decision(session, other.id)
    return LinkedContact(
        link_id=link.id,
        contact_id=other.id,
        earlier=earlier,
        received_at=other.received_at,
        agency=agency.name,
        form=other.form,
        stage=other.stage,
        level=decision.level if decision else other.level,
        outcome=decision.outcome if decision else None,
        state=link.state,
        family_only=link.family_only,
        reasons=put_reasons(link.reasons),
        differences=put_differences(link.reasons),
    )
