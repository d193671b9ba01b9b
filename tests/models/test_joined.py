"""Two readers joined."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.conformal import LevelSets
from models.joined import MOST_SENTENCES, JoinedReader, Joint, join, joint_from, joint_to_content
from models.weighed import LEAST, Weighed
from nlp.assessment import FlagFinding
from nlp.document import read_document
from nlp.domain import (
    LEVELS,
    Assertion,
    Contact,
    Document,
    Element,
    Form,
    Level,
    NeedDomain,
    SafetyFlag,
    Status,
)
from nlp.reading import Reading
from tests.builders import make_flag
from tests.fakes import FakeReader

TEXT = "She cried at school.\nConsent was given."


def weigh(labels: int, share: float) -> Weighed:
    """The geometric mean, of which *share* is the first reader's."""
    each = np.vstack([share * np.eye(labels), (1 - share) * np.eye(labels)])
    return Weighed(each, np.zeros(labels))


def weigh_elements(share: float, context: float = 0.0) -> Weighed:
    """The same for evidence; *context* is what every feature beside the sentence's own weighs."""
    own = weigh(len(Element), share).weights
    beside = np.full((3 * len(own) + 4, len(Element)), context)
    return Weighed(np.vstack([own, beside]), np.zeros(len(Element)))


def weigh_flags(surest: float, ruled: float = 0.0) -> Weighed:
    """What the surest sentence weighs, and a rule that finds the flag."""
    weights = np.zeros((48, len(SafetyFlag)))
    weights[0], weights[3] = surest, ruled
    return Weighed(weights, np.zeros(len(SafetyFlag)))


def weigh_there(share: float) -> Weighed:
    """The mean of log-odds that an element is not missing."""
    return weigh_odds(share, [-1, 0.5, 0.5])


def weigh_met(share: float) -> Weighed:
    """The mean of log-odds that an element that is there is met."""
    return weigh_odds(share, [0, -1, 1])


def weigh_odds(share: float, said: list[float]) -> Weighed:
    one = np.concatenate([share * np.array(said), (1 - share) * np.array(said), np.zeros(5)])
    return Weighed(np.repeat(one[:, None], len(Element), axis=1), np.zeros(len(Element)))


def weigh_level(share: float, flag: float = 0.0) -> Weighed:
    """The geometric mean, of which the likeliest flag raises child protection."""
    raised = flag * np.eye(4)[[LEVELS.index(Level.CHILD_PROTECTION)]]
    return Weighed(np.vstack([weigh(4, share).weights, raised]), np.zeros(4))


def make_joint(share: float) -> Joint:
    return Joint(
        weighed={
            "level": weigh_level(share),
            "flags": weigh_flags(1.0),
            "certainty": weigh(3, share),
            "urgency": weigh(3, share),
            "there": weigh_there(share),
            "met": weigh_met(share),
            "elements": weigh_elements(share),
        },
        share=dict.fromkeys(("domains", "inappropriate", "reasons"), share),
        levels=LevelSets(0.3, 0.3),
        thresholds=replace(FakeReader().thresholds, flags=dict.fromkeys(SafetyFlag, 0.9)),
    )


def joined_of(one: Reading, other: Reading, joint: Joint, *ruled: FlagFinding) -> Reading:
    return join(one, other, joint, document=read_document(TEXT), ruled=ruled)


def with_flags(reading: Reading, *by_sentence: float) -> Reading:
    """The same, with these probabilities of every flag."""
    rows = [dict.fromkeys(SafetyFlag, each) for each in by_sentence]
    pairs = zip(reading.sentences, rows, strict=True)
    return replace(reading, sentences=tuple(replace(s, flags=row) for s, row in pairs))


def read(reader: FakeReader, form: Form = Form.REFERRAL) -> Reading:
    return reader.read(Contact(TEXT, form), read_document(TEXT))


HIGH = FakeReader(
    level=Level.CHILD_PROTECTION,
    evidence={Element.CONSENT: "Consent"},
    domains=frozenset({NeedDomain.NEGLECT}),
    inappropriate=0.6,
)
LOW = FakeReader(level=Level.UNIVERSAL, inappropriate=0.2)


class Finder:
    """Reads as HIGH does, and finds a sentence hollow that holds the word; keeps what it read."""

    name = HIGH.name
    thresholds = HIGH.thresholds

    def __init__(self, word: str = "footer") -> None:
        self.word = word
        self.given: list[str] = []

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        self.given = [sentence.text for sentence in document.sentences]
        return HIGH.read(contact, document, ruled)

    def find_hollow(self, document: Document, *, telling: Collection[int]) -> frozenset[int]:
        found = (i for i, s in enumerate(document.sentences) if self.word in s.text)
        return frozenset(i for i in found if i not in telling)


@pytest.mark.parametrize(("share", "alike"), [(1.0, HIGH), (0.0, LOW)])
def test_the_whole_share_gives_that_reader_alone(share: float, alike: FakeReader) -> None:
    joined = joined_of(read(HIGH), read(LOW), make_joint(share))
    assert joined.level == pytest.approx(read(alike).level, abs=3 * LEAST)
    assert joined.domains == pytest.approx(read(alike).domains)
    status, expected = joined.status[Element.CONSENT], read(alike).status[Element.CONSENT]
    assert sum(status.values()) == pytest.approx(1)
    assert max(status, key=status.__getitem__) is max(expected, key=expected.__getitem__)


def test_half_a_share_gives_the_middle() -> None:
    joined = joined_of(read(HIGH, Form.PPN), read(LOW, Form.PPN), make_joint(0.5))
    assert joined.domains[NeedDomain.NEGLECT] == pytest.approx((0.9 + 0.05) / 2)
    odds = np.sqrt((0.9 / 0.1) * (0.05 / 0.95))  # of elements, of the logarithm of the odds
    consent = joined.sentences[1].elements[Element.CONSENT]
    assert consent == pytest.approx(odds / (1 + odds), abs=3 * LEAST)
    assert joined.inappropriate == pytest.approx(0.4)
    assert sum(joined.level.values()) == pytest.approx(1)
    assert set(joined.plausible) == set(LEVELS)


def test_what_other_sentences_say_counts_for_a_sentence_where_it_weighs() -> None:
    joint = make_joint(0.5)
    alone = joined_of(read(HIGH), read(LOW), joint)
    weighed = {**joint.weighed, "elements": weigh_elements(0.5, context=0.01)}
    beside = joined_of(read(HIGH), read(LOW), replace(joint, weighed=weighed))
    for one, other in zip(alone.sentences, beside.sentences, strict=True):
        assert all(one.elements[element] != other.elements[element] for element in Element)


def test_the_surest_sentences_count_in_whether_an_element_is_there() -> None:
    joint = make_joint(0.5)
    there = joint.weighed["there"]
    weights = there.weights.copy()
    weights[6] = 1.0
    counted = replace(joint, weighed={**joint.weighed, "there": Weighed(weights, there.bias)})
    missing = [
        joined_of(read(HIGH), read(LOW), each).status[Element.CONSENT][Status.MISSING]
        for each in (joint, counted)
    ]
    consent = joined_of(read(HIGH), read(LOW), joint).sentences[1].elements[Element.CONSENT]
    odds = [chance / (1 - chance) for chance in missing]
    assert odds[0] / odds[1] == pytest.approx(consent / (1 - consent), rel=0.02)


def test_a_flag_is_as_likely_as_sentences_and_rules_make_it() -> None:
    joint = make_joint(0.5)
    joint = replace(joint, weighed={**joint.weighed, "flags": weigh_flags(1.0, ruled=2.0)})
    one = with_flags(read(HIGH), 0.2, 0.4)
    alone = joined_of(one, read(LOW), joint).flags
    assert alone == pytest.approx(dict.fromkeys(SafetyFlag, 0.4), abs=3 * LEAST)
    found = [make_flag(SafetyFlag.WEAPON, each, start=0) for each in Assertion]
    ruled = [joined_of(one, read(LOW), joint, each).flags[SafetyFlag.WEAPON] for each in found]
    assert ruled[0] == pytest.approx(1 / (1 + np.exp(-2) * 0.6 / 0.4), abs=3 * LEAST)
    assert ruled[1:] == pytest.approx([0.4] * 4, abs=3 * LEAST)


def test_a_sentence_in_which_a_rule_denies_a_flag_says_nothing_of_it() -> None:
    one = with_flags(read(HIGH), 0.9, 0.4)
    denied = make_flag(SafetyFlag.WEAPON, Assertion.NEGATED, start=0)
    flags = joined_of(one, read(LOW), make_joint(0.5), denied).flags
    assert flags[SafetyFlag.WEAPON] == pytest.approx(0.4, abs=3 * LEAST)
    assert flags[SafetyFlag.STRANGULATION] == pytest.approx(0.9, abs=3 * LEAST)


def test_the_likeliest_flag_counts_in_the_level_and_in_what_is_plausible() -> None:
    even = replace(read(LOW), level=dict(zip(LEVELS, (0.1, 0.1, 0.55, 0.25), strict=True)))
    joint = make_joint(0.5)
    joint = replace(joint, weighed={**joint.weighed, "level": weigh_level(0.5, flag=1.0)})
    calm, grave = (joined_of(with_flags(even, p, p), even, joint) for p in (0.5, 0.75))
    assert calm.plausible == (Level.CHILD_IN_NEED,)
    assert grave.plausible == (Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)
    assert grave.level[Level.CHILD_PROTECTION] == pytest.approx(0.75 / 1.5, abs=3 * LEAST)


def test_a_referral_is_not_asked_whether_it_is_appropriate() -> None:
    one = replace(read(HIGH), inappropriate=None, reasons={})
    joined = joined_of(one, replace(read(LOW), inappropriate=None, reasons={}), make_joint(0.5))
    assert joined.inappropriate is None
    assert joined.reasons == {}


def test_flags_of_sentences_are_those_of_the_transformer() -> None:
    one = with_flags(read(HIGH), 0.95, 0.1)
    joined = joined_of(one, read(LOW), make_joint(0.2))
    assert [s.flags for s in joined.sentences] == [s.flags for s in one.sentences]


def test_a_reader_of_no_flags_gives_none() -> None:
    assert joined_of(read(HIGH), read(LOW), make_joint(0.2)).flags == {}


def test_the_joined_reader_names_both_and_asks_both() -> None:
    reader = JoinedReader(Finder(), replace(LOW, name="fake 2"), make_joint(0.5))
    reading = reader.read(Contact(TEXT, Form.REFERRAL), read_document(TEXT))
    assert reader.name == "fake 1 with fake 2"
    assert reader.thresholds.flags[SafetyFlag.WEAPON] == 0.9
    met = [r.status[Element.CONSENT][Status.MET] for r in (read(LOW), reading, read(HIGH))]
    assert met == sorted(met)
    assert len({*met}) == 3


def test_what_is_hollow_is_read_by_neither_and_said_so() -> None:
    finder = Finder()
    reader = JoinedReader(finder, LOW, make_joint(0.5))
    whole = "A footer.\nShe cried at school.\nConsent was given.\nAnother footer."
    reading = reader.read(Contact(whole, Form.REFERRAL), read_document(whole))
    assert finder.given == ["She cried at school.", "Consent was given."]
    plain = reader.read(Contact(TEXT, Form.REFERRAL), read_document(TEXT))
    assert reading.not_read == {0, 3}
    assert reading.sentences[1:3] == plain.sentences
    assert not any(chance for i in (0, 3) for chance in reading.sentences[i].elements.values())
    assert reading.level == plain.level
    assert not plain.not_read


def test_where_all_is_hollow_all_is_read_and_nothing_is_borne_out() -> None:
    finder = Finder()
    text = "A footer.\nAnother footer."
    reader = JoinedReader(finder, LOW, make_joint(0.5))
    reading = reader.read(Contact(text, Form.REFERRAL), read_document(text))
    assert finder.given == ["A footer.", "Another footer."]
    assert reading.not_read == {0, 1}
    assert not any(chance for said in reading.sentences for chance in said.elements.values())


def test_a_sentence_in_which_a_rule_finds_a_flag_is_read() -> None:
    reader = JoinedReader(Finder("She"), LOW, make_joint(0.5))
    contact, document = Contact(TEXT, Form.REFERRAL), read_document(TEXT)
    denied, present = make_flag(assertion=Assertion.NEGATED), make_flag()
    assert reader.read(contact, document, (denied,)).not_read == {0}
    assert not reader.read(contact, document, (denied, present)).not_read


def test_what_weighed_is_the_linear_reader_s() -> None:
    told = replace(LOW, weights={NeedDomain.NEGLECT: "cried"})
    assert joined_of(read(HIGH), read(told), make_joint(0.9)).weights == read(told).weights
    assert joined_of(read(told), read(HIGH), make_joint(0.9)).weights == {}


def test_a_joint_comes_back_from_json_as_it_was() -> None:
    joint = make_joint(0.35)
    content = json.dumps(joint_to_content(joint))
    back = joint_from(json.loads(content))
    assert json.dumps(joint_to_content(back)) == content
    assert joined_of(read(HIGH), read(LOW), back) == joined_of(read(HIGH), read(LOW), joint)


def test_a_very_long_text_is_read_by_the_linear_reader_and_says_so() -> None:
    contact = Contact("She cried.\n" * (MOST_SENTENCES + 1), Form.REFERRAL)
    reader = JoinedReader(Finder(), replace(LOW, name="fake 2"), make_joint(1.0))
    reading = reader.read(contact, read_document(contact.text))
    assert reading.by == "fake 2 alone (long text)"
    assert reading.level == LOW.read(contact, read_document(contact.text)).level
