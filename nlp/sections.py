"""Which form, log or letter headings stand in a contact, and what each opens?

The headings are in ``rulebook/headings.yaml``. Offsets here are of the normalised text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from nlp.rule_files import RULEBOOK, RuleFile, load_rule_file

HEADINGS = RULEBOOK / "headings.yaml"

# The longest heading seen on a form is some sixty characters; a longer lead is a sentence.
_LONGEST = 80

_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*[:.]?$")
_NUMBER = re.compile(r"^(?:section\s+)?(?:\d{1,2}|[a-z])\s*[.):/-]\s+")
_SEPARATOR = re.compile(r"(?<=[a-z])\s*[|/]\s*(?=[a-z])|\s+-+\s+")
_ANY_WORDS = "\0"
_EDGES = " *_#<>=~:.?!,-\u2022"
_DASHES = str.maketrans("\u2013\u2014", "--", "'")
_COLON = re.compile(r"\s*:(?=\s+\S)")
_DASH = re.compile(r"\s+[-\u2013\u2014](?=\s+\S)")
_CAPITALS = re.compile(r"(?:[A-Z][A-Z'/&-]+\s+){1,6}(?=[\"']?[A-Z][a-z])")
_INITIAL = re.compile(r"([A-Z])\s*(?:[:.\u2013-]|$)")
# Fewer letters than this may be chance ('A:' of a clinical note, 'E' of a family member).
_FEWEST_INITIALS = 4


class HeadingRule(RuleFile):
    """One heading with the ways it is written, and lines that are and are not it."""

    id: str = Field(pattern=r"^heading\.[a-z_]+$")
    kind: str = Field(pattern=r"^[a-z_]+$")
    rationale: str = Field(min_length=1)
    phrases: tuple[str, ...] = Field(min_length=1)
    initial: str | None = Field(default=None, pattern=r"^[A-Z]$")
    alone: bool = False
    matches: tuple[str, ...] = Field(min_length=1)
    rejects: tuple[str, ...] = Field(min_length=1)


class HeadingRules(RuleFile):
    """Every heading that we know."""

    headings: tuple[HeadingRule, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Heading:
    """A heading found in the normalised text; ``runs_on`` where writing follows with no colon."""

    kind: str
    start: int
    end: int
    runs_on: bool = False


class HeadingFinder:
    """Finds headings by looking each line up among the rules' phrases."""

    def __init__(self, rules: Sequence[HeadingRule]) -> None:
        self._rules = tuple(rules)
        self._exact = {
            _to_key(phrase): rule for rule in rules for phrase in rule.phrases if "*" not in phrase
        }
        self._open = re.compile(
            "|".join(
                f"(?P<rule{number}>{_to_pattern(rule)})"
                for number, rule in enumerate(rules)
                if _to_pattern(rule)
            )
        )
        self._initials = {rule.initial: rule for rule in rules if rule.initial}

    def find(self, text: str) -> tuple[Heading, ...]:
        """Every heading of normalised *text*, in order."""
        lines = list(_lines(text))
        initials = self._initials if self._uses_initials(lines) else {}
        found = (self._read_line(start, line, initials) for start, line in lines)
        return tuple(heading for heading in found if heading)

    def _uses_initials(self, lines: Sequence[tuple[int, str]]) -> bool:
        leads = (_INITIAL.match(line) for _, line in lines)
        letters = {lead.group(1) for lead in leads if lead}
        return len(letters & self._initials.keys()) >= _FEWEST_INITIALS

    def _read_line(
        self, start: int, line: str, initials: Mapping[str, HeadingRule]
    ) -> Heading | None:
        whole = self._look_up(line)
        letter = _INITIAL.match(line) if initials else None
        if letter and letter.group(1) in initials:
            kind = initials[letter.group(1)].kind
            # 'S - Situation' is all heading; of 'E - Support' only the letter is.
            end = len(line) if whole and whole.kind == kind else letter.end()
            return Heading(kind, start, start + end)
        if whole:
            return Heading(whole.kind, start, start + len(line))
        for pattern in (_COLON, _DASH):
            lead = pattern.search(line, 0, _LONGEST)
            rule = lead and self._look_up(line[: lead.start()])
            if lead and rule and not rule.alone:
                return Heading(rule.kind, start, start + lead.end())
        capitals = _CAPITALS.match(line)
        rule = capitals and self._look_up(capitals.group())
        if capitals and rule and not rule.alone:
            return Heading(rule.kind, start, start + len(capitals.group().rstrip()), runs_on=True)
        return None

    def _look_up(self, written: str) -> HeadingRule | None:
        if len(written) > _LONGEST:
            return None
        key = _to_key(written)
        rule = self._exact.get(key)
        if rule or written.endswith("."):
            return rule
        matched = self._open.fullmatch(key)
        return self._rules[int(str(matched.lastgroup)[4:])] if matched else None


@cache
def load_headings(path: Path = HEADINGS) -> HeadingFinder:
    """The finder of the headings listed in the rule file at *path*.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return HeadingFinder(load_rule_file(path, HeadingRules).headings)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, stripped, with where it starts."""
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            yield start + line.index(bare[0]), bare
        start += len(line) + 1


def _to_key(written: str) -> str:
    """The words of a heading, without case, numbering, punctuation or an aside in brackets."""
    key = written.lower().translate(_DASHES).strip(_EDGES)
    key = _ASIDE.sub("", _NUMBER.sub("", key))
    key = _SEPARATOR.sub(" / ", key.replace("&", "and"))
    return " ".join(key.replace(",", " ").replace("-", " ").split())


def _to_pattern(rule: HeadingRule) -> str:
    """One to three words wherever an asterisk stands in the rule's phrases."""
    keys = (_to_key(phrase.replace("*", _ANY_WORDS)) for phrase in rule.phrases if "*" in phrase)
    return "|".join(
        re.escape(key).replace(re.escape(_ANY_WORDS), r"\S+(?: \S+){0,2}") for key in keys
    )
