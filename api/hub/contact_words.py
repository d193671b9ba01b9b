"""What hub staff read for codes, and for the names and ages of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from api.clocks import LONDON, say_day
from api.store.codes import Action, Relation, Stage
from api.store.tables import ContactPerson
from nlp.domain import Element
from nlp.rule_files import RuleFile, loader_of

MONTHS_UNTIL = 2  # a child is younger than this many years in months


class ContactWords(RuleFile):
    """``contact_words.yaml``."""

    acts: Mapping[Action, str]
    another_act: str
    stages: Mapping[Stage, str]
    relations: Mapping[Relation, str]
    marks: Mapping[str, str]
    elements: Mapping[Element, str]


load_contact_words = loader_of(Path(__file__).with_suffix(".yaml"), ContactWords)


def say_name(person: ContactPerson) -> str:
    """Give the name as written; empty if none is given."""
    return " ".join(filter(None, [person.forenames, person.surname]))


def say_birth(person: ContactPerson, *, at: datetime) -> str:
    """Say date of birth and age at *at*, or for an unborn child the due date; empty if unknown."""
    if person.date_of_birth is None and person.birth_note:
        return f"born: “{person.birth_note}”, which is no date that we can read"
    if person.date_of_birth is None:
        return ""
    born, today = date.fromisoformat(person.date_of_birth), at.astimezone(LONDON).date()
    day = say_day(born)
    return f"due {day}" if born > today else f"born {day}, {say_age(born, today)}"


def say_age(born: date, today: date) -> str:
    """Say an age in years, or in months or weeks for the youngest."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 1:
        return _counted((today - born).days // 7, "week")
    years = months // 12
    return _counted(months, "month") if years < MONTHS_UNTIL else f"aged {years}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} old"
