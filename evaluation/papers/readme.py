"""The table of measured results in README, made from the latest report."""

from __future__ import annotations

from pathlib import Path

from evaluation.pages import write_page
from evaluation.papers.facts import Facts
from evaluation.papers.writing import TEMPLATES
from nlp.errors import ReferralQualityError

README = Path(__file__).parents[2] / "README.md"
START = "<!-- measured results: written by python -m evaluation papers -->\n"
END = "<!-- end of measured results -->\n"


class MarksError(ReferralQualityError):
    """README does not say where the table stands."""


def with_table(text: str, facts: Facts) -> str:
    """Give README's *text* with the table as measured between its two marks.

    Raises:
        MarksError: If either mark is not there, once and in order.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end or START in rest or END in after:
        raise MarksError(
            f"found no place for the table of measured results in {README.name}; expected one "
            f"line '{START.strip()}' and after it one line '{END.strip()}'; put them back"
        )
    table = write_page(TEMPLATES / "_readme_table.md", facts=facts)
    return f"{before}{START}{table}{END}{after}"
