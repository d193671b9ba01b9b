"""What a leader has chosen to see: fixed periods, groups and forms, and nothing finer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.figures.axes import ALL, financial_year_of, quarter_of
from api.figures.shown import last_publication, months_of
from api.store.tables import Agency
from nlp.domain import Form
from nlp.errors import UnknownChoiceError

FORMS = {
    ALL: "Referrals and police notifications",
    Form.REFERRAL: "Referrals",
    Form.PPN: "Police notifications",
}
GROUP = "group:"


@dataclass(frozen=True)
class Covered:
    """What the last publication covers: the months, and every choice there is."""

    made: str
    months: tuple[str, ...]
    agencies: Mapping[str, str]  # id: name
    groups: tuple[str, ...]

    @property
    def periods(self) -> Mapping[str, str]:
        """Give the periods to choose from, the latest first."""
        years = dict.fromkeys(financial_year_of(each) for each in reversed(self.months))
        quarters = dict.fromkeys(quarter_of(each) for each in reversed(self.months))
        return {
            ALL: f"All {len(self.months)} months",
            **{each: f"April {each[:4]} to March {int(each[:4]) + 1}" for each in years},
            **{each: f"{each[:4]}, quarter {each[-1]}" for each in quarters},
        }

    @property
    def senders(self) -> Mapping[str, str]:
        """Give the agencies and groups to choose from."""
        grouped = {f"{GROUP}{each}": f"Group: {each}" for each in self.groups}
        return {ALL: "All agencies", **grouped, **self.agencies}


@dataclass(frozen=True)
class Selection:
    """One choice of each."""

    period: str = ALL
    agency: str = ALL
    form: str = ALL


def find_covered(session: Session) -> Covered | None:
    """Give what there is to choose from; ``None`` where nothing was published yet."""
    made = last_publication(session)
    if made is None:
        return None
    agencies = session.execute(select(Agency.id, Agency.name, Agency.group).order_by(Agency.name))
    rows = agencies.all()
    return Covered(
        made=made.made_at.isoformat(),
        months=tuple(months_of(made)),
        agencies={row.id: row.name for row in rows},
        groups=tuple(sorted({row.group for row in rows if row.group})),
    )


def check(chosen: Selection, covered: Covered) -> Selection:
    """Give *chosen* if there is such a choice.

    Raises:
        UnknownChoiceError: If there is not; the message names the field and never its value.
    """
    for field, value, known in (
        ("period", chosen.period, [*covered.periods, *covered.months]),
        ("agency", chosen.agency, list(covered.senders)),
        ("form", chosen.form, list(FORMS)),
    ):
        _refuse_unknown(field, value, known)
    return chosen


def _refuse_unknown(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UnknownChoiceError(f"{field} is not one of those offered; choose it from the list")
