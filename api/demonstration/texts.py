"""The fictional contacts that the hub of the demonstration holds; all chosen from training texts.

Made by ``python -m annotation demonstration --seed 7``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from api.intake.submission import PersonGiven
from nlp.domain import Agency, Form, Level, Urgency

GROWN_UP = 18 * 365  # days
_FILE = Path(__file__).parent / "texts.jsonl"


@dataclass(frozen=True)
class Child:
    """The child as the form's fields name it; a field is empty where the text does not tell."""

    forenames: str = ""
    surname: str = ""
    date_of_birth: str = ""
    birth_written: str = ""
    address: str = ""
    postcode: str = ""

    def given(self, *, on: date) -> tuple[PersonGiven, ...]:
        """Give the child as a form filled in *on* a day names them.

        Texts are some years old: who would be no child any more is given no date of birth.
        """
        if not self.surname:
            return ()
        born = date.fromisoformat(self.date_of_birth) if self.date_of_birth else None
        if born is not None and (on - born).days >= GROWN_UP:
            born = None
        return (
            PersonGiven(
                forenames=self.forenames or None,
                surname=self.surname,
                date_of_birth=born,
                address=self.address or None,
                postcode=self.postcode or None,
            ),
        )


@dataclass(frozen=True)
class Text:
    """One text with its form's fields; ``urgency`` and ``appropriate`` are an annotator's."""

    id: str
    form: Form
    sender: str
    agency: Agency
    text: str = field(repr=False)
    people: tuple[str, ...] = field(repr=False)
    child: Child = field(repr=False)
    referrer_name: str = field(repr=False)
    stated_level: Level | None
    urgency: Urgency
    appropriate: bool


@cache
def load_texts() -> Mapping[str, Sequence[Text]]:
    """Give the texts by the id of the agency that sends them."""
    found: dict[str, list[Text]] = defaultdict(list)
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        text = _read(json.loads(line))
        found[text.sender].append(text)
    return found


def _read(line: dict[str, object]) -> Text:
    told: dict[str, object] = {
        "form": Form(str(line["form"])),
        "agency": Agency(str(line["agency"])),
        "urgency": Urgency(str(line["urgency"])),
        "stated_level": Level(str(line["stated_level"])) if line["stated_level"] else None,
        "people": tuple(line["people"]) if isinstance(line["people"], list) else (),
        "child": Child(**line["child"]) if isinstance(line["child"], dict) else Child(),
    }
    return Text(**{**line, **told})  # type: ignore[arg-type]
