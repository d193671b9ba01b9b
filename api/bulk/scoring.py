"""Score rows of contacts; the one function that worker processes and clusters run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.assessor import Assessor
from api.bulk.rows import ContactRow
from api.settings import Settings
from nlp.domain import Agency, Form
from nlp.errors import ReferralQualityError


@dataclass(frozen=True)
class ScoredRow:
    """A row's record, or the reason there is none."""

    number: int
    id: str
    record: dict[str, Any] | None = None
    problem: str | None = None


def score_rows(rows: Sequence[ContactRow], *, framework: str | None = None) -> list[ScoredRow]:
    """Assess each row; a row that cannot be assessed gives its reason and stops nothing.

    ``framework`` serves rows that name none. The reader is loaded once a process.
    """
    assessor = _assessor()
    return [_score(row, assessor, framework) for row in rows]


@cache
def _assessor() -> Assessor:
    return Assessor.load(readers_folder=Settings().readers_folder)


def _score(row: ContactRow, assessor: Assessor, framework: str | None) -> ScoredRow:
    problem = row.problem or _problem(row)
    if problem:
        return ScoredRow(row.number, row.id, problem=problem)
    cells = row.cells
    earlier = cells.get("earlier_contacts", "")
    try:
        assessment = assessor.assess(
            text=cells["text"],
            form=Form(cells["form"]),
            agency=Agency(cells["agency"]) if cells.get("agency") else None,
            form_type=cells.get("form_type") or None,
            framework=cells.get("framework") or framework,
            earlier_contacts=int(earlier) if earlier else None,
        )
    except ReferralQualityError as error:
        return ScoredRow(row.number, row.id, problem=str(error))
    except Exception as error:  # a fault of ours; its message may quote the text
        kind = type(error).__name__
        return ScoredRow(row.number, row.id, problem=f"could not be assessed ({kind}); report it")
    return ScoredRow(row.number, row.id, record=assessment.model_dump(mode="json"))


def _problem(row: ContactRow) -> str | None:
    """What is wrong with the cells, without repeating what they hold."""
    cells = row.cells
    if not cells.get("text", "").strip():
        return "text is empty; expected the words of the contact"
    if cells.get("form") not in set(Form):
        return f"form is not known; expected one of {', '.join(Form)}"
    if cells.get("agency") and cells["agency"] not in set(Agency):
        return f"agency is not known; expected nothing or one of {', '.join(Agency)}"
    if not cells.get("earlier_contacts", "0").isdecimal() and cells.get("earlier_contacts"):
        return "earlier_contacts is not a count; expected nothing or a whole number"
    return None
