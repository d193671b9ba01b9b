"""Every rule's own examples, and what a damaged rule file says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nlp.assessment import FlagFinding
from nlp.document import read_document
from nlp.domain import Assertion, SafetyFlag
from nlp.errors import RulebookError
from nlp.flags import find_flags
from nlp.rule_files import RULEBOOK, load_rule_file
from nlp.rule_schemas import FlagExample, NeverInappropriateFile, NeverRuleText
from nlp.rules import FlagRule, Rulebook, index_rules, load_rulebook

BOOK = load_rulebook()
NEVER = load_rule_file(RULEBOOK / "never_inappropriate.yaml", NeverInappropriateFile)


def _id(parameter: object) -> str | None:
    return getattr(parameter, "id", None)


def _matches() -> Iterator[tuple[FlagRule, FlagExample]]:
    for rule in BOOK.flag_rules:
        for example in rule.text.matches:
            yield rule, example


def _non_matches() -> Iterator[tuple[FlagRule, str]]:
    for rule in BOOK.flag_rules:
        for text in rule.text.does_not_match:
            yield rule, text


def _found(text: str, rule: FlagRule) -> tuple[FlagFinding, ...]:
    """What *rule* finds where there is no other, so that none can find its examples first."""
    return find_flags(read_document(text), replace(BOOK, flags=index_rules([rule])))


@pytest.mark.parametrize(("rule", "example"), list(_matches()), ids=_id)
def test_a_rule_finds_its_examples_and_judges_them(rule: FlagRule, example: FlagExample) -> None:
    found = {(each.flag, each.assertion) for each in _found(example.text, rule)}

    assert {(flag, example.assertion) for flag in rule.flags} <= found


@pytest.mark.parametrize(("rule", "text"), list(_non_matches()), ids=_id)
def test_a_rule_leaves_its_other_examples_alone(rule: FlagRule, text: str) -> None:
    assert _found(text, rule) == ()


@pytest.mark.parametrize("rule", NEVER.rules, ids=lambda rule: rule.id)
def test_every_never_inappropriate_condition_by_words_has_examples(rule: NeverRuleText) -> None:
    assert not rule.patterns or (rule.matches and rule.does_not_match)


def test_every_safety_flag_has_rules() -> None:
    assert {rule.flag for rule in BOOK.flag_rules} == set(SafetyFlag)


def test_the_rulebook_is_read_once() -> None:
    assert load_rulebook() is load_rulebook()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


def _damage(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _mistakes(folder: Path) -> str:
    with pytest.raises(RulebookError) as error:
        load_rulebook(folder)
    return str(error.value)


def test_a_rulebook_is_compiled_whole_when_asked(folder: Path) -> None:
    book = load_rulebook(folder)
    used = {*book.flag_rules[0].patterns, *book.never_inappropriate[0].patterns}
    assert used <= set(book.patterns)
    assert not any("expression" in vars(pattern) for pattern in book.patterns)
    book.compile()
    assert all("expression" in vars(pattern) for pattern in book.patterns)


def test_the_version_changes_with_any_word_of_any_file(folder: Path) -> None:
    before: Rulebook = load_rulebook(folder)
    load_rulebook.cache_clear()
    _damage(folder / "flags" / "weapon.yaml", "machete", "machette")

    assert load_rulebook(folder).version != before.version


def test_an_unknown_key_is_reported_with_file_and_rule(folder: Path) -> None:
    _damage(folder / "flags" / "weapon.yaml", "    rationale:", "    rational:")

    message = _mistakes(folder)

    assert "weapon.yaml, rule flag.weapon.named: " in message
    assert "rational" in message


def test_an_unknown_word_list_is_reported_with_the_lists_there_are(folder: Path) -> None:
    _damage(folder / "flags" / "strangulation.yaml", "<neck>", "<nek>")

    message = _mistakes(folder)

    assert "strangulation.yaml, rule flag.strangulation." in message
    assert "names the list <nek>, which vocabulary.yaml does not have; it has " in message


MANY = f"({'(a|b|c|d|e|f|g|h|i|j) ' * 4}neck) hand"


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        ("(hand|fist .. neck", "has a '(' without its ')'"),
        ("hand) neck", "brackets come in pairs"),
        ("Hand on neck", "write it in lower case"),
        ("hand ...", "must start and end with a word"),
        ("hand .. on .. her .. own .. neck", "use at most 3"),
        ("hand? arm?", "needs at least one word without '?'"),
        ("hand|", "add a word after '|'"),
        ("hand (|arm)", "has an empty choice"),
        (MANY, "offers more than 6,000 phrases in one bracket"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_reported_with_a_remedy(
    folder: Path, pattern: str, remedy: str
) -> None:
    _damage(folder / "flags" / "strangulation.yaml", "- strangl*", f'- "{pattern}"')

    message = _mistakes(folder)

    assert "strangulation.yaml, rule flag.strangulation.named: pattern " in message
    assert remedy in message


def test_mistakes_of_several_files_are_reported_together(folder: Path) -> None:
    _damage(folder / "flags" / "weapon.yaml", "    rationale:", "    rational:")
    _damage(folder / "vague.yaml", "elements: [history]", "elements: [histry]")
    _damage(folder / "context.yaml", "reach: after", "reach: afterwards")

    message = _mistakes(folder)

    assert "weapon.yaml" in message
    assert "vague.yaml, rule vague.history.known" in message
    assert "context.yaml, rule context.negated.plain" in message


def test_an_id_used_twice_is_reported(folder: Path) -> None:
    _damage(folder / "flags" / "weapon.yaml", "flag.weapon.used_as_one", "flag.weapon.named")

    assert "rule flag.weapon.named: the id is used 2 times" in _mistakes(folder)


def test_a_missing_flag_file_is_reported(folder: Path) -> None:
    (folder / "flags" / "weapon.yaml").unlink()

    assert "flags/weapon.yaml: is missing" in _mistakes(folder)


def test_a_rule_with_one_example_is_refused(folder: Path) -> None:
    path = folder / "flags" / "police_protection_used.yaml"
    _damage(path, "      - The public protection unit was told.\n", "")

    assert "give at least two examples" in _mistakes(folder)


def test_an_assertion_that_does_not_exist_is_refused(folder: Path) -> None:
    _damage(folder / "context.yaml", "assertion: negated", "assertion: denied")

    message = _mistakes(folder)

    assert all(assertion in message for assertion in Assertion)
