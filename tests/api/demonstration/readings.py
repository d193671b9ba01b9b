"""Readings of the demonstration's texts by stand-ins, for figures to be drawn from."""

from __future__ import annotations

from random import Random

from api.assessor import Assessor
from api.demonstration.history import Read
from api.demonstration.texts import load_texts
from nlp.domain import Element, Level, Status
from tests.fakes import FakeReader

OPEN = (Level.EARLY_HELP, Level.CHILD_IN_NEED)


def varied_assessors() -> list[Assessor]:
    """Assessors that each leave other elements out, so that months differ by chance."""
    random = Random(3)  # noqa: S311 - nothing secret
    return [
        Assessor.load(
            reader=FakeReader(
                status={each: random.choice(list(Status)) for each in Element}, plausible=OPEN
            )
        )
        for _ in range(8)
    ]


def read_all() -> dict[str, Read]:
    """Every text with a reading; which one has nothing to do with who sent it."""
    assessors = varied_assessors()
    texts = [text for of_agency in load_texts().values() for text in of_agency]
    return {
        text.id: (
            text,
            assessors[place % len(assessors)].assess(
                text="Two children were asleep.", form=text.form, agency=text.agency
            ),
        )
        for place, text in enumerate(texts)
    }
