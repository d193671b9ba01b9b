"""Two readers joined."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from models.conformal import LevelSets
from models.joined import MOST_SENTENCES, JoinedReader, Joint, join, joint_from, joint_to_content
from models.weighed import LEAST, Weighed
from nlp.document import read_document
from nlp.domain import LEVELS, Contact, Element, Form, Level, NeedDomain, SafetyFlag, Status
from nlp.reading import Reading, SentenceReading
from tests.fakes import FakeReader

TEXT = "She cried at school.\nConsent was given."


def weigh(labels: int, share: float, *questions: int) -> Weighed:
    """The geometric mean, of which *share* is the first reader's."""
    each = np.vstack([share * np.eye(labels), (1 - share) * np.eye(labels)])
    return Weighed(np.broadcast_to(each, (*questions, *each.shape)), np.zeros((*questions, labels)))


def weigh_elements(share: float, context: float = 0.0) -> Weighed:
    """The same for evidence; *context* is what every feature beside the sentence's own weighs."""
    own = weigh(len(Element), share).weights
    beside = np.full((3 * len(own) + 4, len(Element)), context)
    return Weighed(np.vstack([own, beside]), np.zeros(len(Element)))


def make_joint(share: float) -> Joint:
    return Joint(
        weighed={
            "level": weigh(4, share),
            "certainty": weigh(3, share),
            "urgency": weigh(3, share),
            "status": weigh(3, share, len(Element)),
            "elements": weigh_elements(share),
        },
        share=dict.fromkeys(("domains", "inappropriate", "reasons"), share),
        levels=LevelSets(0.3, 0.3),
        thresholds=replace(FakeReader().thresholds, flags=dict.fromkeys(SafetyFlag, 0.9)),
    )


def read(reader: FakeReader, form: Form = Form.REFERRAL) -> Reading:
    return reader.read(Contact(TEXT, form), read_document(TEXT))


HIGH = FakeReader(
    level=Level.CHILD_PROTECTION,
    evidence={Element.CONSENT: "Consent"},
    domains=frozenset({NeedDomain.NEGLECT}),
    inappropriate=0.6,
)
LOW = FakeReader(level=Level.UNIVERSAL, inappropriate=0.2)


@pytest.mark.parametrize(("share", "alike"), [(1.0, HIGH), (0.0, LOW)])
def test_the_whole_share_gives_that_reader_alone(share: float, alike: FakeReader) -> None:
    joined = join(read(HIGH), read(LOW), make_joint(share))
    assert joined.level == pytest.approx(read(alike).level, abs=3 * LEAST)
    assert joined.domains == pytest.approx(read(alike).domains)
    status = read(alike).status[Element.CONSENT]
    assert joined.status[Element.CONSENT] == pytest.approx(status, abs=3 * LEAST)


def test_half_a_share_gives_the_middle() -> None:
    joined = join(read(HIGH, Form.PPN), read(LOW, Form.PPN), make_joint(0.5))
    assert joined.domains[NeedDomain.NEGLECT] == pytest.approx((0.9 + 0.05) / 2)
    odds = np.sqrt((0.9 / 0.1) * (0.05 / 0.95))  # of elements, of the logarithm of the odds
    consent = joined.sentences[1].elements[Element.CONSENT]
    assert consent == pytest.approx(odds / (1 + odds), abs=3 * LEAST)
    assert joined.inappropriate == pytest.approx(0.4)
    assert sum(joined.level.values()) == pytest.approx(1)
    assert set(joined.plausible) == set(LEVELS)


def test_what_other_sentences_say_counts_for_a_sentence_where_it_weighs() -> None:
    joint = make_joint(0.5)
    alone = join(read(HIGH), read(LOW), joint)
    weighed = {**joint.weighed, "elements": weigh_elements(0.5, context=0.01)}
    beside = join(read(HIGH), read(LOW), replace(joint, weighed=weighed))
    for one, other in zip(alone.sentences, beside.sentences, strict=True):
        assert all(one.elements[element] != other.elements[element] for element in Element)


def test_the_plausible_levels_if_a_flag_is_present_count_its_odds() -> None:
    joint = make_joint(0.5)
    even = replace(read(LOW), level=dict(zip(LEVELS, (0.1, 0.1, 0.55, 0.25), strict=True)))
    limits = replace(joint.thresholds, alert_odds=3.0)
    joined = join(even, even, replace(joint, thresholds=limits))
    assert joined.plausible == (Level.CHILD_IN_NEED,)
    assert joined.plausible_if_alert == (Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)


def test_a_referral_is_not_asked_whether_it_is_appropriate() -> None:
    one = replace(read(HIGH), inappropriate=None, reasons={})
    joined = join(one, replace(read(LOW), inappropriate=None, reasons={}), make_joint(0.5))
    assert joined.inappropriate is None
    assert joined.reasons == {}


def test_flags_are_those_of_the_transformer() -> None:
    raised = {SafetyFlag.WEAPON: 0.95}
    one = read(HIGH)
    one = replace(one, sentences=tuple(SentenceReading(s.elements, raised) for s in one.sentences))
    joined = join(one, read(LOW), make_joint(0.2))
    assert [sentence.flags for sentence in joined.sentences] == [raised, raised]


def test_the_joined_reader_names_both_and_asks_both() -> None:
    reader = JoinedReader(HIGH, replace(LOW, name="fake 2"), make_joint(0.5))
    reading = reader.read(Contact(TEXT, Form.REFERRAL), read_document(TEXT))
    assert reader.name == "fake 1 with fake 2"
    assert reader.thresholds.flags[SafetyFlag.WEAPON] == 0.9
    met = [r.status[Element.CONSENT][Status.MET] for r in (read(LOW), reading, read(HIGH))]
    assert met == sorted(met)
    assert len({*met}) == 3


def test_what_weighed_is_the_linear_reader_s() -> None:
    told = replace(LOW, weights={NeedDomain.NEGLECT: "cried"})
    assert join(read(HIGH), read(told), make_joint(0.9)).weights == read(told).weights
    assert join(read(told), read(HIGH), make_joint(0.9)).weights == {}


def test_a_joint_comes_back_from_json_as_it_was() -> None:
    joint = make_joint(0.35)
    content = json.dumps(joint_to_content(joint))
    back = joint_from(json.loads(content))
    assert json.dumps(joint_to_content(back)) == content
    assert join(read(HIGH), read(LOW), back) == join(read(HIGH), read(LOW), joint)


def test_a_very_long_text_is_read_by_the_linear_reader_and_says_so() -> None:
    contact = Contact("She cried.\n" * (MOST_SENTENCES + 1), Form.REFERRAL)
    reader = JoinedReader(HIGH, replace(LOW, name="fake 2"), make_joint(1.0))
    reading = reader.read(contact, read_document(contact.text))
    assert reading.by == "fake 2 alone (long text)"
    assert reading.level == LOW.read(contact, read_document(contact.text)).level
