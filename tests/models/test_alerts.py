"""Which contacts the product would raise an alert for, by either source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from models.alerts import find_alerts
from models.joining import FlagLimits
from nlp.domain import SafetyFlag
from nlp.reading import Reading
from tests.models.readings_for_tests import sure

FLAGS = FlagLimits(raised_from=0.25, doubted_below=0.02)
HANDS = "Mum rang 999. He put his hands round her neck and squeezed, and their son saw it."
CALM = "She likes school and comes every day."


def said(text: str) -> LabelledContact:
    return replace(load_train()[0], text=text, sentences=())


def read(contact: LabelledContact, probability: float) -> Reading:
    held = dict.fromkeys(SafetyFlag, probability)
    reading = sure(contact, by=0.9)
    return replace(reading, sentences=tuple(replace(s, flags=held) for s in reading.sentences))


@pytest.mark.parametrize(
    ("text", "probability", "alerts"),
    [
        (HANDS, 0.1, [True]),  # by a rule
        (HANDS, 0.01, [False]),  # by a rule that the reader doubts
        (CALM, 0.3, [True]),  # by the reader
        (CALM, 0.1, [False]),
    ],
)
def test_an_alert_is_what_a_rule_or_the_reader_raises(
    text: str, probability: float, alerts: list[bool]
) -> None:
    contact = said(text)
    found = find_alerts([contact], [read(contact, probability)], flags=FLAGS)
    assert found.tolist() == alerts
