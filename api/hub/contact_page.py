"""Everything that the page of one contact shows; opening it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub.claims import Claim, claim_of
from api.hub.first_views import is_hidden
from api.hub.history import Act, LinkedContact, count_in_year, find_acts, find_linked, people_named
from api.hub.replies import latest_reply
from api.intake.scoring import as_assessment, latest
from api.store.audit import note_read
from api.store.codes import Relation
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import (
    Agency,
    Contact,
    ContactPerson,
    Decision,
    FirstView,
    Reply,
    StoredAssessment,
    User,
)
from nlp import domain
from nlp.assessment import Assessment, FlagFinding
from nlp.domain import Assertion


@dataclass(frozen=True)
class ContactView:
    """A contact as the page shows it.

    ``reading`` is ``None`` where there is none or it is hidden; its present ``flags`` never are, as
    whatever bears on a child's safety comes first. ``people`` are users by id,
    ``police`` the names of police forces by id.
    """

    contact: Contact
    agency: Agency
    stored: StoredAssessment | None
    reading: Assessment | None
    flags: Sequence[FlagFinding]
    hidden: bool
    first_view: FirstView | None
    decisions: Sequence[Decision]
    reply: Reply | None
    linked: Sequence[LinkedContact]
    in_year: int
    acts: Sequence[Act]
    people: Mapping[str, User]
    police: Mapping[str, str]
    claim: Claim | None
    at: datetime

    @property
    def child(self) -> ContactPerson | None:
        """The child whom the form names first."""
        children = (each for each in self.contact.people if each.relation is Relation.CHILD)
        return next(children, None)

    @property
    def to_ask(self) -> Sequence[LinkedContact]:
        """The links that nobody has confirmed or rejected yet."""
        return [each for each in self.linked if each.state == "suggested"]

    @property
    def confirmed(self) -> Sequence[LinkedContact]:
        """The links that a person confirmed."""
        return [each for each in self.linked if each.state == "confirmed"]

    @property
    def sent_back(self) -> Decision | None:
        """The last decision, if a manager sent it back and none was made since."""
        last = self.decisions[0] if self.decisions else None
        return last if last and last.sent_back_by else None


def open_contact(
    store: Store, contact_id: str, *, asker: Identity, hide: bool = False
) -> ContactView:
    """Give what the page shows, after recording that *asker* saw it.

    *hide* is the setting ``hide_reading_until_decided``.

    Raises:
        NotFoundError: If there is no such contact.
        StoreUnavailableError: If the database does not answer; then nothing is shown.
    """
    with store.writing() as session:
        contact = session.get(Contact, contact_id)
        if contact is None:
            raise NotFoundError("contact")
        hidden = is_hidden(session, contact, asker=asker, hide=hide)
        note_read(session, contact_id, actor=asker.actor, hidden=hidden)
    with store.reading() as session:
        return _view(session, contact_id, asker=asker, hide=hide)


_POLICE = (
    select(Agency.id, Agency.name).where(Agency.kind == domain.Agency.POLICE).order_by(Agency.name)
)


def _view(session: Session, contact_id: str, *, asker: Identity, hide: bool) -> ContactView:
    contact = session.get_one(Contact, contact_id)
    hidden = is_hidden(session, contact, asker=asker, hide=hide)
    stored = latest(contact)
    reading = as_assessment(stored) if stored else None
    found = reading.safety_flags if reading else ()
    decisions = session.scalars(
        select(Decision).where(Decision.contact_id == contact.id).order_by(Decision.made_at.desc())
    ).all()
    linked = find_linked(session, contact)
    named = (
        each
        for decision in decisions
        for each in (decision.made_by, decision.signed_by, decision.sent_back_by)
    )
    _ = contact.people  # read now: the page is made when the session is over
    return ContactView(
        contact=contact,
        agency=session.get_one(Agency, contact.agency_id),
        stored=stored,
        reading=None if hidden else reading,
        flags=[each for each in found if each.assertion is Assertion.PRESENT],
        hidden=hidden,
        first_view=session.get(FirstView, (contact.id, asker.id)),
        decisions=decisions,
        reply=latest_reply(session, contact.id),
        linked=linked,
        in_year=count_in_year(contact, linked),
        acts=find_acts(session, contact.id),
        people=people_named(session, named),
        police={row.id: row.name for row in session.execute(_POLICE)},
        claim=claim_of(session, contact),
        at=now(),
    )
