"""What a leader has chosen to see: fixed periods, groups and forms, and nothing finer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clocks import say_month
from api.figures.axes import ALL, GROUP, months_axis
from api.figures.shown import find_publications, months_of
from api.store.tables import Agency
from nlp.domain import Form
from nlp.errors import UnknownChoiceError

FORMS = {
    ALL: "Referrals and police notifications",
    Form.REFERRAL: "Referrals",
    Form.PPN: "Police notifications",
}
LATEST = "latest"
MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Covered:
    """What is published: the last 24 months, and the agencies and groups of the last of them."""

    months: tuple[str, ...]
    agencies: Mapping[str, str]  # id: name
    group_of: Mapping[str, str]  # id of an agency: its group

    @property
    def groups(self) -> tuple[str, ...]:
        """Give the groups that some agency belongs to."""
        return tuple(sorted(set(self.group_of.values())))

    @property
    def periods(self) -> Mapping[str, str]:
        """Give the whole years and quarters to choose from, the latest first; else the months."""
        sums = months_axis(self.months).names[len(self.months) :]
        years = (each for each in reversed(sums) if "/" in each)
        quarters = (each for each in reversed(sums) if "Q" in each)
        return {
            **{each: f"April {each[:4]} to March {int(each[:4]) + 1}" for each in years},
            **{each: f"{each[:4]}, quarter {each[-1]}" for each in quarters},
        } or {each: say_month(each) for each in reversed(self.months)}

    @property
    def latest(self) -> str:
        """The last whole quarter, or the last month before there is one."""
        return next(each for each in self.periods if "/" not in each)

    @property
    def senders(self) -> Mapping[str, str]:
        """Give the agencies and groups to choose from."""
        return {**self.gatherings, **self.agencies}

    @property
    def gatherings(self) -> Mapping[str, str]:
        """Give all agencies and each group, to choose from where several are shown at once."""
        return {ALL: "All agencies", **{f"{GROUP}{each}": f"Group: {each}" for each in self.groups}}

    def beside(self, chosen: str) -> Mapping[str, str]:
        """Give the agencies to show beside each other: those of a chosen group, else all."""
        group = chosen.removeprefix(GROUP) if chosen in self.gatherings and chosen != ALL else None
        return {
            agency: name
            for agency, name in self.agencies.items()
            if group is None or self.group_of.get(agency) == group
        }


@dataclass(frozen=True)
class Selection:
    """One choice of each; `check` finds out what the latest period is."""

    period: str = LATEST
    agency: str = ALL
    form: str = ALL


def find_covered(session: Session) -> Covered | None:
    """Give what there is to choose from; ``None`` where nothing was published yet."""
    publications = find_publications(session)
    if not publications:
        return None
    last = publications[-1]
    months = [month for each in publications for month in months_of(each)]
    names = select(Agency.id, Agency.name).order_by(Agency.name)
    return Covered(
        months=tuple(months[-MONTHS_SHOWN:]),
        agencies={id_: name for id_, name in session.execute(names) if id_ in last.groups},
        group_of={agency: group for agency, group in last.groups.items() if group},
    )


def check(chosen: Selection, covered: Covered) -> Selection:
    """Give *chosen* if there is such a choice, the latest period by its name.

    Raises:
        UnknownChoiceError: If there is not; the message names the field and never its value.
    """
    if chosen.period == LATEST:
        chosen = replace(chosen, period=covered.latest)
    for field, value, known in (
        ("period", chosen.period, {*covered.periods, *covered.months}),
        ("agency", chosen.agency, covered.senders),
        ("form", chosen.form, FORMS),
    ):
        refuse_unknown(field, value, known)
    return chosen


def refuse_unknown(field: str, value: str, known: Collection[str]) -> None:
    """Do nothing if *value* is *known*.

    Raises:
        UnknownChoiceError: If it is not; the message names the field and never its value.
    """
    if value not in known:
        raise UnknownChoiceError(f"{field} is not one of those offered; choose it from the list")
