"""Headings of forms, logs and letters open sections; ordinary writing does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.document import read_document
from nlp.errors import RulebookError
from nlp.rule_files import load_rule_file
from nlp.sections import HEADINGS, HeadingRule, HeadingRules, load_headings

RULES = load_rule_file(HEADINGS, HeadingRules).headings


def _kinds(text: str) -> list[str]:
    return [heading.kind for heading in load_headings().find(text)]


def _lines(examples: str) -> list[object]:
    return [
        pytest.param(rule, line, id=f"{rule.id}: {line}")
        for rule in RULES
        for line in getattr(rule, examples)
    ]


@pytest.mark.parametrize(("rule", "line"), _lines("matches"))
def test_a_matching_example_is_this_heading(rule: HeadingRule, line: str) -> None:
    assert _kinds(line) == [rule.kind]


@pytest.mark.parametrize(("rule", "line"), _lines("rejects"))
def test_a_rejected_example_is_not_this_heading(rule: HeadingRule, line: str) -> None:
    assert rule.kind not in _kinds(line)


def test_no_two_headings_share_an_id_or_a_phrase() -> None:
    ids = [rule.id for rule in RULES]
    phrases = [phrase for rule in RULES for phrase in rule.phrases]
    assert len(set(ids)) == len(ids)
    assert len(set(phrases)) == len(phrases)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param(
            "S: Kai, 4, seen.\nA: Bruise.\nF: Mum.\nE: A visit.\nR: CPOMS.",
            ["situation", "assessment", "family", "expected_response", "recording"],
            id="SAFER by its letters",
        ),
        pytest.param("S: tearful.\nO: thin.\nP: review.", [], id="letters of a clinical note"),
        pytest.param(
            "**CHILD SEEN**\nYes.\n## Consent\nNo.", ["child_seen", "consent"], id="markdown"
        ),
        pytest.param("WORRIES Silly games.", ["worries"], id="capitals run on"),
        pytest.param("CONSENT GIVEN BY MUM", [], id="a sentence in capitals"),
        pytest.param("What Ellie-Mae says\n'No.'", ["child_voice"], id="a heading with a name"),
        pytest.param("CHILD LEFT ALONE ALL NIGHT", [], id="a fact in capitals is never a heading"),
    ],
)
def test_headings_are_found_as_they_are_written(text: str, kinds: list[str]) -> None:
    assert _kinds(text) == kinds


def test_sections_cover_the_whole_text_and_name_their_sentences() -> None:
    text = "Log 4471\r\nCIRCUMSTANCES\r\nHe shouted. \U0001f600 She left.\r\nConsent: none.\r\n"

    document = read_document(text)

    assert [section.kind for section in document.sections] == [None, "circumstances", "consent"]
    assert "".join(text[part.start : part.end] for part in document.sections) == text
    headings = [part.heading for part in document.sections if part.heading]
    assert [text[where.start : where.end] for where in headings] == ["CIRCUMSTANCES", "Consent:"]
    assert [(s.section, s.is_heading) for s in document.sentences] == [
        (None, False),
        ("circumstances", True),
        ("circumstances", False),
        ("circumstances", False),
        ("consent", False),
    ]


def test_a_mistake_in_the_file_is_reported_with_its_rule(tmp_path: Path) -> None:
    file = tmp_path / "headings.yaml"
    file.write_text(
        "headings:\n"
        "  - {id: heading.odd, kind: odd, rationale: Odd,\n"
        "     phrases: [], matches: [a], rejects: [b]}\n"
    )
    with pytest.raises(RulebookError, match=r"headings\.yaml, rule heading\.odd.*phrases"):
        load_headings(file)
