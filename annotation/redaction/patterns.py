"""Numbers, addresses and dates of birth, as people write them in the United Kingdom."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from nlp.rule_files import RuleFile, load_rule_file


class Kind(StrEnum):
    """What a stretch that is taken out names."""

    NAME = "name"
    DATE_OF_BIRTH = "date of birth"
    ADDRESS = "address"
    POSTCODE = "postcode"
    TELEPHONE = "telephone"
    NHS_NUMBER = "NHS number"
    EMAIL = "e-mail"
    VEHICLE = "vehicle mark"
    STAFF_NUMBER = "staff number"


@dataclass(frozen=True)
class Stretch:
    """A stretch of a text, in code points, and what it names."""

    start: int
    end: int
    kind: Kind


class Words(RuleFile):
    """The words that redaction goes by; see ``words.yaml``."""

    before_a_name: frozenset[str]
    after_a_name: frozenset[str]
    roads: tuple[str, ...]
    plain_roads: tuple[str, ...]
    ordinary: frozenset[str]
    no_names: frozenset[str]


@cache
def load_words() -> Words:
    """Give the words of ``words.yaml``.

    Raises:
        RulebookError: If the file breaks its schema.
    """
    return load_rule_file(Path(__file__).with_name("words.yaml"), Words)


_MONTH = "|".join((*calendar.month_name[1:], *calendar.month_abbr[1:], "Sept"))
DATE = (
    r"(?:\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{6}|\d{8}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?i:{_MONTH})[.,]? (?:\d{{4}}|\d{{2}}))(?!\d)"
)
_BORN = r"(?i:\bd\.? ?o\.? ?b\b\.?|\bdate of birth\b|\bbirth ?date\b|\bborn\b|\bd/o/b\b)"
_OUTWARD = r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR)"
_MARK = r"(?:[A-Z]{2}[0-9]{2} ?[A-Z]{3})"
_OLD_MARK = r"(?:[A-Z][0-9]{1,3} ?[A-Z]{3}|[A-Z]{3} ?[0-9]{1,3}[A-Z]|[A-Z]{1,3} ?[0-9]{1,4})"
_STAFF = r"(?:pc|dc|ds|ps|pcso|collar|warrant|shoulder)"
_CAR = r"\b(?i:reg|registration|vrm|index|plate|number plate|vehicle|car)\b"

# The group 'out' is what is taken out; the first kind that finds a stretch keeps it.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.EMAIL, r"(?P<out>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)"),
    (Kind.DATE_OF_BIRTH, rf"{_BORN}\W{{0,4}}(?:(?i:on|is|was|the)\W{{1,2}}){{0,2}}(?P<out>{DATE})"),
    (
        Kind.NHS_NUMBER,
        r"(?i:\bnhs\b\W{0,2}(?:no|num|number)?)\W{0,3}(?P<out>\d(?:[ -]?\d){9})(?!\d)",
    ),
    (
        Kind.TELEPHONE,
        r"(?<![\d/])(?P<out>(?:\+44[ -]?(?:\(0\)[ -]?)?|\(?0)\d(?:[ -]?\)?[ -]?\d){8,9})(?!\d)",
    ),
    (Kind.TELEPHONE, r"(?i:\bext(?:ension|n)?)[.:]? ?(?P<out>\d{2,5})\b"),
    (
        Kind.STAFF_NUMBER,
        rf"\b(?i:{_STAFF}\b(?: number| no)?)\W{{0,2}}(?P<out>\d{{3,5}})\b",
    ),
    (Kind.POSTCODE, rf"\b(?P<out>(?i:{_OUTWARD} ?[0-9][A-Z]{{2}}))\b"),
    (Kind.VEHICLE, rf"\b(?P<out>{_MARK})\b"),
    (
        Kind.VEHICLE,
        rf"{_CAR}(?:\W{{1,3}}(?i:no|number|mark|is|was))?\W{{1,3}}(?P<out>(?i:{_MARK}|{_OLD_MARK}))\b",
    ),
)
_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_FLAT = r"(?:(?i:flat|apartment|apt|unit) ?[0-9]+[a-zA-Z]?,? )?"


def find_patterns(text: str) -> tuple[Stretch, ...]:
    """Give the stretches that look like numbers, addresses or dates of birth, in order."""
    return keep_apart((*_by_pattern(text), *_nhs_numbers(text), *_addresses(text)))


def keep_apart(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Give stretches none of which lies over another, in order; earlier given ones stay."""
    kept: list[Stretch] = []
    for each in stretches:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda stretch: stretch.start))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the check of NHS numbers (modulus 11; NHS Data Dictionary)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    check = (11 - total % 11) % 11
    return len(digits) == 10 and check != 10 and check == int(digits[-1])


def _by_pattern(text: str) -> Iterator[Stretch]:
    for kind, pattern in _PATTERNS:
        for found in re.finditer(pattern, text):
            yield Stretch(*found.span("out"), kind)


def _nhs_numbers(text: str) -> Iterator[Stretch]:
    for found in _NHS.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", found[0])):
            yield Stretch(*found.span(), Kind.NHS_NUMBER)


def _addresses(text: str) -> Iterator[Stretch]:
    for pattern in _address_patterns():
        for found in pattern.finditer(text):
            yield Stretch(*found.span(), Kind.ADDRESS)


@cache
def _address_patterns() -> tuple[re.Pattern[str], ...]:
    words = load_words()
    number = r"\b[0-9]{1,4}[a-zA-Z]?,? "
    capital = rf"{_FLAT}{number}(?:[A-Z][\w'\u2019-]+ ){{1,3}}?(?:{'|'.join(words.roads)})\b"
    plain = rf"{_FLAT}{number}(?:[a-z'\u2019-]+ ){{1,2}}?(?:{'|'.join(words.plain_roads)})\b"
    shout = rf"{_FLAT}{number}(?:[A-Z'\u2019-]+ ){{1,3}}?(?:{'|'.join(words.roads).upper()})\b"
    return tuple(map(re.compile, (capital, plain, shout)))
