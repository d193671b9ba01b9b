"""Choose training contacts for the demonstration's hub, with the fields of their forms.

Only of train, never of dev. Fields are kept where the text itself gives them beyond doubt: a full
name with a date of birth right behind it, an address after that; else they are empty.
"""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from annotation.labels import LabelledContact
from nlp.domain import LEVELS, Agency, Element, Form, Level, Status

DEMONSTRATION = Path(__file__).parents[1] / "api" / "demonstration" / "texts.jsonl"

_MONTHS = calendar.month_name[1:]
_AGE = r"(?:(?:aged? )?\d{1,2}(?: ?(?:years?|yrs?|months?|weeks?))?(?: old)?)?"
_BORN = r"(?:(?:d\.?o\.?b\.?|born|date of birth)[:\s]*(?:on )?)?"
_DATE = (
    r"(?P<written>(?P<day>\d{1,2})(?:[/.\-]| )(?P<month>\d{1,2}|" + "|".join(_MONTHS) + r")"
    r"(?:[/.\-]| )(?P<year>20\d{2}))(?!\d)"
)
_ROADS = "Street|Road|Row|Close|Avenue|Terrace|Lane|Court|Drive|Way|Place|Gardens|Walk|View|Keys"
_HOME = re.compile(rf"\b\d{{1,3}} (?:[A-Z][a-z]+ ){{1,2}}?(?:{_ROADS})\b")
_HOME_WITHIN = 160  # characters behind the date of birth
_FULL_NAME = re.compile(r"[A-Z][A-Za-z'-]+ [A-Z][A-Za-z'-]+")


@dataclass(frozen=True)
class Sender:
    """How many contacts an agency of the demonstration gets, and of which writers.

    Of ``planted`` its contacts lack the share ``missing``, and the others have it in full: a truth
    that the demonstration plants.
    """

    agency: Agency
    contacts: int
    roles: str = ""
    planted: Element | None = None
    missing: float = 0.0


_VISITORS = "health visitor|community midwife|school nurse"
_HOSPITAL = "A&E nurse|paediatric registrar|paramedic|CAMHS practitioner|adult mental health nurse"
_SURGERY = "GP|GP practice safeguarding admin|dentist"

# By the ids of the agencies in api/demonstration/people.yaml.
SENDERS: Mapping[str, Sender] = {
    "police": Sender(Agency.POLICE, 40),
    "saltmere_primary": Sender(Agency.SCHOOL, 13, planted=Element.CHILD_VOICE, missing=0.3),
    "larch_academy": Sender(Agency.SCHOOL, 13, planted=Element.CHILD_VOICE, missing=0.7),
    "northgate_college": Sender(Agency.COLLEGE, 5),
    "sandpipers": Sender(Agency.NURSERY, 6),
    "health_visiting": Sender(Agency.HEALTH, 9, roles=_VISITORS),
    "saltmere_hospital": Sender(
        Agency.HEALTH, 9, roles=_HOSPITAL, planted=Element.CONSENT, missing=0.88
    ),
    "quayside_surgery": Sender(Agency.HEALTH, 4, roles=_SURGERY),
    "marskley_homes": Sender(Agency.HOUSING, 7),
    "open_door": Sender(Agency.VOLUNTARY, 6),
    "probation": Sender(Agency.PROBATION, 5),
    "early_help": Sender(Agency.EARLY_HELP, 3),
}


@dataclass(frozen=True)
class Child:
    """The child as the form's own fields name it; ``birth_written`` is the text's own date."""

    forenames: str = ""
    surname: str = ""
    date_of_birth: str = ""
    birth_written: str = ""
    address: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class DemonstrationContact:
    """One line of the file. ``urgency`` and ``appropriate`` are labels, to arrange a queue by."""

    id: str
    form: str
    sender: str
    agency: str
    text: str
    people: Sequence[str]
    child: Child = field(default_factory=Child)
    referrer_name: str = ""
    stated_level: str | None = None
    urgency: str = "green"
    appropriate: bool = True


def choose(contacts: Sequence[LabelledContact], *, seed: int) -> Iterator[DemonstrationContact]:
    """Give each agency's contacts, of its authors as evenly as may be.

    One whose child can be read comes before one whose child cannot, where all else is equal.
    """
    random = Random(seed)  # noqa: S311 - nothing secret
    used: set[str] = set()
    for sender_id, sender in SENDERS.items():
        pool = [each for each in contacts if each.id not in used and _fits(each, sender)]
        random.shuffle(pool)
        counts: Counter[str] = Counter()
        for place in range(sender.contacts):
            wanted = _wanted(sender, place)
            fitting = [e for e in pool if not sender.planted or e.status[sender.planted] is wanted]
            chosen = min(fitting, key=lambda each: _crowded(each, counts))
            pool.remove(chosen)
            used.add(chosen.id)
            counts[chosen.author] += 1
            yield _make(chosen, sender_id, random)


def write(chosen: Iterator[DemonstrationContact], path: Path = DEMONSTRATION) -> int:
    """Write the contacts as JSON lines; give how many."""
    lines = [json.dumps(asdict(each), ensure_ascii=False) for each in chosen]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def read_child(contact: LabelledContact) -> Child:
    """Give the first child whose full name and date of birth stand together; empty if none."""
    for name in filter(_FULL_NAME.fullmatch, contact.people):
        beside = re.compile(rf"{re.escape(name)}[,\s(]{{1,3}}{_AGE}[,\s(]{{0,3}}{_BORN}{_DATE}")
        found = beside.search(contact.text)
        if found is None:
            continue
        month = found["month"]
        number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
        home = _HOME.search(contact.text, found.end(), found.end() + _HOME_WITHIN)
        forename, surname = name.split()
        return Child(
            forenames=_title(forename),
            surname=_title(surname),
            date_of_birth=f"{found['year']}-{number:02}-{int(found['day']):02}",
            birth_written=found["written"],
            address=home[0] if home else "",
        )
    return Child()


def _fits(contact: LabelledContact, sender: Sender) -> bool:
    ours = contact.form is (Form.PPN if sender.agency is Agency.POLICE else Form.REFERRAL)
    ours = ours and contact.agency is sender.agency
    return ours and (not sender.roles or contact.role in sender.roles.split("|"))


def _wanted(sender: Sender, place: int) -> Status:
    """The status of the planted element in the contact of this place."""
    return Status.MISSING if place < round(sender.missing * sender.contacts) else Status.MET


def _crowded(contact: LabelledContact, counts: Counter[str]) -> tuple[int, bool]:
    return counts[contact.author], not read_child(contact).surname


def _make(contact: LabelledContact, sender_id: str, random: Random) -> DemonstrationContact:
    return DemonstrationContact(
        id=contact.id,
        form=contact.form.value,
        sender=sender_id,
        agency=contact.agency.value,
        text=contact.text,
        people=contact.people,
        child=read_child(contact),
        referrer_name=_referrer(contact),
        stated_level=_stated(contact, random),
        urgency=contact.urgency.value,
        appropriate=contact.notification is None or contact.notification.appropriate,
    )


def _referrer(contact: LabelledContact) -> str:
    """The one full name in the sentences about the referrer; empty where there are none or more.

    Whoever shares a surname with another person of the text is family, whom the sentence speaks of.
    """
    told = [s for s in contact.sentences if Element.REFERRER_DETAILS in s.elements]
    words = " ".join(contact.text[each.start : each.end] for each in told)
    full = {each for each in contact.people if " " in each}
    surnames = Counter(each.split()[-1].lower() for each in full)
    named = {each for each in full if each in words and surnames[each.split()[-1].lower()] == 1}
    return named.pop() if len(named) == 1 else ""


def _stated(contact: LabelledContact, random: Random) -> str | None:
    """What the sender would tick: mostly the labelled level, at times one beside it or none."""
    if contact.form is Form.PPN or random.random() < 0.2:
        return None
    step = random.choices([0, -1, 1], [0.7, 0.18, 0.12])[0]
    number = min(max(contact.level.number + step, 1), len(LEVELS))
    level: Level = LEVELS[number - 1]
    return level.value


def _title(name: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))
