"""Put the agencies and the people of the demonstration in the store."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.personas import ISSUER
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, User
from nlp import domain
from nlp.errors import ReferralQualityError
from nlp.rule_files import RuleFile, loader_of


class AgencyGiven(RuleFile):
    """An agency of the file."""

    id: str
    name: str
    kind: domain.Agency
    source_code: str
    group: str
    feedback_for_days: int | None = None

    def feedback_since(self, today: date) -> date | None:
        """Since when it uses the feedback; ``None`` if it does not."""
        days = self.feedback_for_days
        return today - timedelta(days=days) if days else None


class PersonGiven(RuleFile):
    """A person of the file."""

    id: str
    name: str
    role: Role
    agency: str | None = None


class PeopleFile(RuleFile):
    """All of them."""

    agencies: tuple[AgencyGiven, ...]
    people: tuple[PersonGiven, ...]


load_people = loader_of(Path(__file__).with_suffix(".yaml"), PeopleFile)


class RealPeopleError(ReferralQualityError):
    """The demonstration would open a store that real people use."""

    def __init__(self) -> None:
        super().__init__(
            "Real people have signed in to this store, and the demonstration lets anybody be "
            "anybody. Unset RQ_DEMO_MODE, or name another RQ_DATA_FOLDER or RQ_DATABASE_URL."
        )


def seed_people(store: Store, *, today: date | None = None) -> None:
    """Keep those who are not in the store yet; who is there stays as they are.

    Raises:
        RealPeopleError: If anybody has signed in to this store with a real account.
    """
    given, today = load_people(), today or now().date()
    with store.writing() as session:
        if session.scalars(select(User.id).where(User.issuer != ISSUER).limit(1)).first():
            raise RealPeopleError
        for agency in given.agencies:
            if session.get(Agency, agency.id) is None:
                session.add(_agency(agency, today))
        session.flush()
        known = _known(session)
        session.add_all(_user(person) for person in given.people if person.id not in known)


def _known(session: Session) -> set[str]:
    return set(session.scalars(select(User.subject).where(User.issuer == ISSUER)))


def _agency(given: AgencyGiven, today: date) -> Agency:
    return Agency(
        id=given.id,
        name=given.name,
        kind=given.kind,
        source_code=given.source_code,
        group=given.group,
        feedback_since=given.feedback_since(today),
    )


def _user(given: PersonGiven) -> User:
    return User(
        issuer=ISSUER,
        subject=given.id,
        name=given.name,
        role=given.role,
        agency_id=given.agency,
    )
