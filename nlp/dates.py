"""Dates as contacts write them, so that a fact of long ago can be told from one of now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    r"(?<= )(?:(?P<day>[0-9]{1,2})[./](?P<number>[0-9]{1,2})[./](?P<short>(?:20)?[0-9]{2})"
    rf"|{_MONTH} (?:, )?(?P<named>(?:19|20)[0-9]{{2}})"
    # '2018 hrs' and 'at 2018' are times of a day.
    r"|(?<! at )(?P<year>(?:19[5-9]|20[0-4])[0-9])(?! (?:hrs|hours|hr|h|am|pm) ))(?= )"
)
# A birth, an order that runs for years or a term says nothing of when the fact was.
_NOT_WHEN = re.compile(
    r" (?:dob|born|birth|until|til|till|to|expires|edd|due|since|d o b) (?:: )?$"
)


@dataclass(frozen=True)
class DateMention:
    """A date in a text: months since year 0, and where it stands in the words."""

    month: int
    exact: bool
    start: int
    end: int


def dates_in(words: str) -> Iterator[DateMention]:
    """Give the dates in *words* (of :func:`nlp.patterns.words_of`) that may say when a fact was.

    A year alone counts as its December, so that it reads as long ago only when it surely is.
    """
    for match in _DATE.finditer(words):
        if _NOT_WHEN.search(words, max(0, match.start() - 12), match.start()):
            continue
        month = _months(match)
        if month is not None:
            yield DateMention(month, match["year"] is None, match.start(), match.end())


def _months(match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"]) * 12 + 12
    if match["month"]:
        return int(match["named"]) * 12 + MONTHS.index(match["month"][:3]) + 1
    year, number = int(match["short"]), int(match["number"])
    if not 1 <= number <= 12:
        return None
    return (year if year > 99 else 2000 + year) * 12 + number


def written_in(words: str, *, not_before: int) -> int:
    """Give the month in which a contact was written: its latest full date.

    *not_before* is the year to fall back on where the text has none.
    """
    full = [mention.month for mention in dates_in(words) if mention.exact]
    return max([not_before * 12, *full])
