"""What the words around a fact make of it, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nlp.document import read_document
from nlp.domain import Assertion, SafetyFlag
from nlp.flags import find_flags
from nlp.rule_files import RULEBOOK, load_rule_file
from nlp.rule_schemas import ContextFile, CueExample, CueText
from nlp.rules import load_rulebook

BOOK = load_rulebook()
CUES = load_rule_file(RULEBOOK / "context.yaml", ContextFile).cues


def _id(parameter: object) -> str | None:
    return getattr(parameter, "id", None)


PRESENT, NEGATED, HISTORIC, HYPOTHETICAL, OTHER = Assertion

TABLE = [
    # sentence, flag, assertion
    ("He had her by the throat on Sunday.", "strangulation", PRESENT),
    ("He strangled her in May, six weeks ago.", "strangulation", PRESENT),
    ("No strangulation, but he hit her with a hammer.", "strangulation", NEGATED),
    ("No strangulation, but he hit her with a hammer.", "weapon", PRESENT),
    ("Q13 strangulation: no. Q14 weapons: yes, a knife.", "strangulation", NEGATED),
    ("Q13 strangulation: no. Q14 weapons: yes, a knife.", "weapon", PRESENT),
    ("She denies that he strangled her.", "strangulation", NEGATED),
    ("She did not see a weapon of any kind.", "weapon", NEGATED),
    ("No weapons, drugs or cash were found.", "weapon", NEGATED),
    ("No cash was found, but there was a machete under the bed.", "weapon", PRESENT),
    ("Her ex strangled her nine years ago.", "strangulation", HISTORIC),
    ("In 2014 he pulled a knife on her. Seen again on 03/05/2025.", "weapon", HISTORIC),
    ("In March 2025 he pulled a knife on her. Seen again on 03/05/2025.", "weapon", PRESENT),
    # Times of a day are no years.
    ("At 2018 hrs he pulled a knife on her. Written 03/05/2025.", "weapon", PRESENT),
    ("He pulled a knife at 2014. Written 03/05/2025.", "weapon", PRESENT),
    ("If he had a weapon we would call 999.", "weapon", HYPOTHETICAL),
    ("We are worried that she could be strangled next time.", "strangulation", HYPOTHETICAL),
    ("The log of the strangulation belongs to the couple downstairs.", "strangulation", OTHER),
    ("A neighbour of his had a knife out in the street.", "weapon", OTHER),
    ("He said that if she left he would kill her.", "threat_to_kill", PRESENT),
    ("There has been no insulin in the house since Friday.", "urgent_medical_neglect", PRESENT),
    ("He was reported missing at 17.20 and was found at 18.05.", "missing_now", NEGATED),
    ("The registered sex offender is in custody.", "known_risk_person_access", HYPOTHETICAL),
    ("The registered sex offender was convicted in 2009.", "known_risk_person_access", PRESENT),
    ("He has a second phone and is out with older lads.", "exploitation_now", HYPOTHETICAL),
    ("The girl does not want to die.", "child_suicidal", NEGATED),
    ("The boy has a bruise on his back and mum says that he fell.", "unexplained_injury", PRESENT),
    # A 'no' that answers ends its clause; else it denies what follows it.
    ("Weapons: no", "weapon", NEGATED),
    ("He pulled a knife, no injuries.", "weapon", PRESENT),
    ("He pulled a knife, dad denied it.", "weapon", PRESENT),
    ("Asked if he had ever strangled her, she said no.", "strangulation", NEGATED),
    # What is told in the past after a new subject is told as a fact, whatever came before.
    ("She has no phone and he strangled her.", "strangulation", PRESENT),
    ("Nothing was done after he strangled her.", "strangulation", PRESENT),
    ("She is worried about money, and he strangled her on Friday.", "strangulation", PRESENT),
    # The neighbour who tells of it is not the one to whom it happened.
    ("The neighbour next door heard him strangle her.", "strangulation", PRESENT),
    ("Her sister in law was strangled by her husband abroad.", "strangulation", OTHER),
    ("Another pupil said that he brought a knife in.", "weapon", PRESENT),
    ("The knife belongs to his stepdad.", "weapon", PRESENT),
]


@pytest.mark.parametrize(
    ("text", "flag", "expected"), TABLE, ids=[f"{flag}-{a}-{text[:40]}" for text, flag, a in TABLE]
)
def test_the_assertion_is_decided_within_the_clause(
    text: str, flag: str, expected: Assertion
) -> None:
    found = find_flags(read_document(text), BOOK)

    assert {f.assertion for f in found if f.flag is SafetyFlag(flag)} == {expected}


def _settled() -> Iterator[tuple[CueText, CueExample]]:
    for cue in CUES:
        for example in cue.settles:
            yield cue, example


def _left_present() -> Iterator[tuple[CueText, CueExample]]:
    for cue in CUES:
        for example in cue.leaves_present:
            yield cue, example


@pytest.mark.parametrize(("cue", "example"), list(_settled()), ids=_id)
def test_a_cue_settles_its_examples(cue: CueText, example: CueExample) -> None:
    found = find_flags(read_document(example.text), BOOK)

    assert {f.assertion for f in found if f.flag is example.flag} == {cue.assertion}


@pytest.mark.parametrize(("cue", "example"), list(_left_present()), ids=_id)
def test_a_cue_leaves_other_facts_present(cue: CueText, example: CueExample) -> None:
    found = find_flags(read_document(example.text), BOOK)

    assert Assertion.PRESENT in {f.assertion for f in found if f.flag is example.flag}
