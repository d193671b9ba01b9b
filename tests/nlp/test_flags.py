"""Findings: their offsets and their order; and what is never inappropriate."""

from __future__ import annotations

import pytest

from nlp.document import read_document
from nlp.domain import Assertion, Contact, Form, SafetyFlag
from nlp.flags import find_flags, never_inappropriate
from nlp.rule_files import RULEBOOK, load_rule_file
from nlp.rule_schemas import NeverInappropriateFile, NeverRuleText
from nlp.rules import load_rulebook

BOOK = load_rulebook()
NEVER = load_rule_file(RULEBOOK / "never_inappropriate.yaml", NeverInappropriateFile).rules


def test_a_finding_quotes_its_sentence_of_the_text_as_sent() -> None:
    text = "Hello \N{GRINNING FACE}.\r\nHe had her by the “throat” on Sunday.\r\nThank you."

    (finding,) = find_flags(read_document(text), BOOK)

    assert finding.flag is SafetyFlag.STRANGULATION
    assert finding.quote == "He had her by the “throat” on Sunday."
    assert text[finding.start : finding.end] == finding.quote


def test_a_finding_names_its_rule() -> None:
    (finding,) = find_flags(read_document("He strangled her."), BOOK)

    assert (finding.source, finding.rule) == ("rule", "flag.strangulation.named")
    assert finding.probability is None


def test_every_sentence_that_states_the_fact_is_found_in_order() -> None:
    text = "He strangled her on Friday. The door was broken. He strangled her on Sunday."

    found = find_flags(read_document(text), BOOK)

    assert [text[f.start : f.end] for f in found] == [
        "He strangled her on Friday.",
        "He strangled her on Sunday.",
    ]


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Weapons? No. Seen by two officers.", Assertion.NEGATED),
        ("Did he have a knife? Nil.", Assertion.NEGATED),
        ("Did he have a knife? No idea.", Assertion.PRESENT),
        ("Knife seized. No injuries.", Assertion.PRESENT),
    ],
)
def test_a_question_is_judged_with_its_answer(text: str, assertion: Assertion) -> None:
    (finding,) = find_flags(read_document(text), BOOK)

    assert (finding.flag, finding.assertion) == (SafetyFlag.WEAPON, assertion)


def test_capitals_apostrophes_and_hyphens_make_no_difference() -> None:
    found = find_flags(read_document("PARTNER'S HANDS WERE ROUND MUM'S NECK, NON-FATAL."), BOOK)

    assert [f.flag for f in found] == [SafetyFlag.STRANGULATION]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Dad, Craig, told the nurse that he wants to die.", "carer_suicidal_or_harm_intent"),
        ("Hope, 14, told the nurse that she wants to die.", "child_suicidal"),
        ("Mum is called Emily. Emily wants to die.", "carer_suicidal_or_harm_intent"),
    ],
)
def test_a_wish_to_die_is_given_to_whoever_has_it(text: str, flag: str) -> None:
    found = find_flags(read_document(text), BOOK)

    assert {f.flag for f in found if f.assertion is Assertion.PRESENT} == {SafetyFlag(flag)}


@pytest.mark.parametrize(
    "text",
    [
        "He managed his dinner with a knife and fork and went to his knife crime lesson.",
        "This is a police protection notification about a lost bike.",
        "She was happy at school and home was warm and tidy.",
    ],
)
def test_an_ordinary_text_has_no_flag(text: str) -> None:
    assert find_flags(read_document(text), BOOK) == ()


def _never(text: str, earlier_contacts: int | None = None) -> str | None:
    contact = Contact(text, Form.PPN, earlier_contacts=earlier_contacts)
    document = read_document(text)
    return never_inappropriate(contact, document, find_flags(document, BOOK), BOOK)


def _by_words() -> list[tuple[NeverRuleText, str]]:
    return [(rule, text) for rule in NEVER for text in rule.matches]


@pytest.mark.parametrize(("rule", "text"), _by_words(), ids=lambda p: getattr(p, "id", None))
def test_a_condition_is_found_by_its_words(rule: NeverRuleText, text: str) -> None:
    assert _never(text) == rule.because


@pytest.mark.parametrize("text", [text for rule in NEVER for text in rule.does_not_match])
def test_a_condition_is_not_found_elsewhere(text: str) -> None:
    assert _never(text) is None


def test_a_present_flag_is_never_inappropriate_and_a_negated_one_is_no_bar() -> None:
    assert "screener must see first" in (_never("He strangled her.") or "")
    assert _never("There was no strangulation.") is None


@pytest.mark.parametrize(("earlier", "named"), [(None, False), (0, False), (1, False), (2, True)])
def test_a_third_contact_in_twelve_months_is_never_inappropriate(
    earlier: int | None,
    named: bool,  # noqa: FBT001
) -> None:
    because = _never("A neighbour complained of noise.", earlier)

    assert (because is not None and "third contact" in because) is named
