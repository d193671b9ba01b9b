"""What a writer has in the form: in memory for as long as a page is made, and never kept.

Of a draft only counts are kept, under an id that the page's form carries: how complete it was at
its first check, so that its sender can see what the checks improved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.exc import IntegrityError
from starlette.datastructures import FormData

from api import clocks
from api.assessor import Assessor
from api.intake.people import person_given
from api.intake.submission import Submission
from api.referral_form import (
    DEFAULT_LAYOUT,
    Layout,
    fill_boxes,
    join_boxes,
    layouts_of,
    to_line_feeds,
)
from api.store.codes import Channel, Relation
from api.store.columns import new_id, now
from api.store.opening import Store
from api.store.tables import Draft as DraftCounts
from nlp.assessment import Assessment
from nlp.domain import Agency, Form, Level, Status
from nlp.errors import ReferralQualityError

MOST_EARLIER = 1000
MOST_PEOPLE = 30
LONGEST_FIELD = 500
OURS = re.compile(r"[0-9a-f]{32}")
CONSENT = {"yes": True, "no": False}


@dataclass(frozen=True)
class PersonFields:
    """The fields of one person, as written."""

    relation: str = Relation.CHILD.value
    forenames: str = ""
    surname: str = ""
    born: str = ""
    address: str = ""
    postcode: str = ""


@dataclass
class Draft:
    """Everything in the form. ``people`` begins with the child; ``consent`` is yes, no or blank.

    ``incident_on`` is a day as a browser's field of dates gives it, or blank.
    """

    layout: Layout
    framework: str
    agency: Agency | None = None
    earlier: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    people: list[PersonFields] = field(default_factory=lambda: [PersonFields()])
    referrer_name: str = ""
    referrer_contact: str = ""
    stated_level: str = ""
    consent: str = ""
    incident_on: str = ""
    client_key: str = field(default_factory=new_id)
    id: str = field(default_factory=new_id)

    @property
    def text(self) -> str:
        """The words of all boxes as one text."""
        return join_boxes(self.layout, self.texts)

    @property
    def earlier_contacts(self) -> int | None:
        """The number given; ``None`` where it is none that we count."""
        given = self.earlier.strip()
        plain = given.isascii() and given.isdigit() and len(given) <= len(str(MOST_EARLIER))
        return min(int(given), MOST_EARLIER) if plain else None

    def to_submission(self, agency_id: str) -> Submission:
        """Give what is sent: the text, and the fields apart from it."""
        today = now().astimezone(clocks.LONDON).date()
        people = (
            person_given(
                relation=Relation(each.relation),
                forenames=each.forenames,
                surname=each.surname,
                born=each.born,
                address=each.address,
                postcode=each.postcode,
                today=today,
            )
            for each in self.people
        )
        return Submission(
            text=self.text,
            form=self.layout.form,
            form_type=self.layout.form_type,
            agency_id=agency_id,
            client_key=self.client_key,
            channel=Channel.PAGE,
            incident_on=_day(self.incident_on) if self.layout.form is Form.PPN else None,
            people=tuple(each for each in people if each is not None),
            referrer_name=self.referrer_name.strip() or None,
            referrer_contact=self.referrer_contact.strip() or None,
            stated_level=next((each for each in Level if each == self.stated_level), None),
            consent_given=CONSENT.get(self.consent),
            earlier_contacts=self.earlier_contacts,
            draft_id=self.id,
        )


def read_draft(form: FormData, *, assessor: Assessor) -> Draft:
    """Read what was posted; a choice that we do not know becomes the default."""
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    layouts = layouts_of(assessor.forms)
    shown = layouts.get(given.get("shown", ""), layouts[DEFAULT_LAYOUT])
    chosen = layouts.get(given.get("layout", ""), shown)
    texts = {box.id: to_line_feeds(given.get(box_name(shown, box.id), "")) for box in shown.boxes}
    if chosen is not shown:
        texts = _carry(join_boxes(shown, texts), chosen)
    framework = given.get("framework", "")
    return Draft(
        layout=chosen,
        framework=framework if framework in assessor.frameworks else assessor.default_framework,
        agency=next((each for each in Agency if each == given.get("agency")), None),
        earlier=given.get("earlier_contacts", "")[:10],
        texts=texts,
        people=_read_people(given),
        referrer_name=given.get("referrer-name", "")[:LONGEST_FIELD],
        referrer_contact=given.get("referrer-contact", "")[:LONGEST_FIELD],
        stated_level=given.get("stated-level", "")[:40],
        consent=given.get("consent", "")[:10],
        incident_on=given.get("incident-on", "")[:10],
        client_key=_ours(given.get("client_key")),
        id=_ours(given.get("draft")),
    )


def box_name(layout: Layout, box: str) -> str:
    """Give the name of a box's textarea, which says its layout too."""
    return f"{layout.code}-{box}"


def note_check(store: Store, draft_id: str, *, score: int, missing: int) -> None:
    """Note the counts of a draft's first check, and of a later one only that it was.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with suppress(IntegrityError), store.writing() as session:  # two first checks at one moment
        held = session.get(DraftCounts, draft_id)
        if held is None:
            session.add(DraftCounts(id=draft_id, first_score=score, first_missing=missing))
        else:
            held.checks += 1


def count_missing(assessment: Assessment) -> int:
    """Give how many expected elements are missing."""
    elements = assessment.completeness.elements
    return sum(each.expected and each.status is Status.MISSING for each in elements)


def _read_people(given: Mapping[str, str]) -> list[PersonFields]:
    people = [
        _read_person(given, f"person-{number}-")
        for number in range(MOST_PEOPLE)
        if f"person-{number}-surname" in given
    ]
    return people or [PersonFields()]


def _read_person(given: Mapping[str, str], start: str) -> PersonFields:
    written = {
        name: given.get(f"{start}{name}", "")[:LONGEST_FIELD]
        for name in ("forenames", "surname", "born", "address", "postcode")
    }
    relation = given.get(f"{start}relation", "")
    known = relation if relation in set(Relation) else Relation.CHILD.value
    return PersonFields(relation=known, **written)


def _carry(text: str, layout: Layout) -> dict[str, str]:
    """Put what was written in other boxes into those of *layout*."""
    try:
        return fill_boxes(layout, text)
    except ReferralQualityError:  # nothing to share out, or not to be read: keep it as it is
        return {layout.boxes[0].id: text}


def _day(given: str) -> date | None:
    """The day that was chosen; what is none is no reason to hold a contact up."""
    with suppress(ValueError):
        return date.fromisoformat(given)
    return None


def _ours(given: str | None) -> str:
    """An id that a page of ours made; a new one where it is not."""
    return given if given and OURS.fullmatch(given) else new_id()
