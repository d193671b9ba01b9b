"""The order of the queue: one documented rule, in Python for one contact and in SQL for all.

No step looks at completeness, at whether a notification looks inappropriate, or at who sent it,
so none of these can put a contact down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol, Self

from pydantic import Field, model_validator
from sqlalchemy import ColumnElement, DateTime, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from api.store.tables import Contact
from nlp.domain import Level, Urgency
from nlp.rule_files import RuleFile, loader_of

URGENCIES: Mapping[Urgency, int] = {Urgency.RED: 0, Urgency.AMBER: 1, Urgency.GREEN: 2}
LEVELS: Mapping[Level, int] = {level: -place for place, level in enumerate(Level)}


class Step(StrEnum):
    """What a step of the rule can look at; there is no other."""

    UNSCORED = "unscored"
    FLAGS = "flags"
    URGENCY = "urgency"
    DUE = "due"
    LEVEL = "level"
    VULNERABILITY = "vulnerability"
    WAITING = "waiting"


class StepText(RuleFile):
    """A step in words: who comes first by it, and why."""

    by: Step
    name: str
    first: str
    rationale: str


class OrderFile(RuleFile):
    """``order.yaml``."""

    summary: str
    steps: tuple[StepText, ...]
    never: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Unscored first and waiting time last, whatever a leader changes between them."""
        by = [step.by for step in self.steps]
        if sorted(by) != sorted(Step) or by[0] is not Step.UNSCORED or by[-1] is not Step.WAITING:
            raise ValueError("name each step once: unscored first, waiting last, the rest between")
        return self


class Ordered(Protocol):
    """What the rule needs to know of a contact."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def scored(self) -> bool: ...  # noqa: D102
    @property
    def present_flags(self) -> int: ...  # noqa: D102
    @property
    def urgency(self) -> Urgency | None: ...  # noqa: D102
    @property
    def due_at(self) -> datetime: ...  # noqa: D102
    @property
    def highest_level(self) -> Level | None: ...  # noqa: D102
    @property
    def vulnerability(self) -> int: ...  # noqa: D102
    @property
    def received_at(self) -> datetime: ...  # noqa: D102


class _HourOf(FunctionElement[Any]):
    """A moment cut to its hour."""

    type = DateTime()
    inherit_cache = True
    name = "hour_of"


@compiles(_HourOf)
def _in_postgres(element: _HourOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"date_trunc('hour', {compiler.process(element.clauses, **options)})"


@compiles(_HourOf, "sqlite")
def _in_sqlite(element: _HourOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 13)"  # 2026-11-26 09


@dataclass(frozen=True)
class _Rank:
    """A step for one contact and for all: lower comes first, and both say the same."""

    of: Callable[[Ordered], Any]
    sql: ColumnElement[Any]


_RANKS: Mapping[Step, _Rank] = {
    Step.UNSCORED: _Rank(
        lambda contact: contact.scored, case((Contact.scored.is_(False), 0), else_=1)
    ),
    Step.FLAGS: _Rank(
        lambda contact: contact.present_flags == 0, case((Contact.present_flags > 0, 0), else_=1)
    ),
    Step.URGENCY: _Rank(
        lambda contact: URGENCIES[contact.urgency or Urgency.RED],
        case(URGENCIES, value=Contact.urgency, else_=URGENCIES[Urgency.RED]),
    ),
    Step.DUE: _Rank(
        lambda contact: contact.due_at.replace(minute=0, second=0, microsecond=0),
        _HourOf(Contact.due_at),
    ),
    Step.LEVEL: _Rank(
        lambda contact: LEVELS[contact.highest_level or Level.CHILD_PROTECTION],
        case(LEVELS, value=Contact.highest_level, else_=LEVELS[Level.CHILD_PROTECTION]),
    ),
    Step.VULNERABILITY: _Rank(lambda contact: -contact.vulnerability, -Contact.vulnerability),
    Step.WAITING: _Rank(lambda contact: contact.received_at, Contact.received_at.expression),
}


load_order = loader_of(Path(__file__).with_suffix(".yaml"), OrderFile)


def place(contact: Ordered) -> tuple[Any, ...]:
    """Give what to sort by; no two contacts are alike in it, since no two have one id."""
    return (*(_RANKS[step.by].of(contact) for step in load_order().steps), contact.id)


def by_order() -> Sequence[ColumnElement[Any]]:
    """Give what to order a query of contacts by: the same rule as :func:`place`."""
    return (*(_RANKS[step.by].sql for step in load_order().steps), Contact.id.expression)
