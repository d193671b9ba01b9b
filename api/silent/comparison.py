"""The whole comparison of a silent reader, and the reader in service, with what staff decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import clocks
from api.access.errors import NotFoundError
from api.silent.cases import Case, find_cases
from api.silent.corrections import Corrected, find_corrected
from api.silent.measures import ReaderFigures, figures_of
from api.silent.rule import SampleSizeRule, load_rule
from api.silent.verdict import Verdict, reach_verdict
from api.store.columns import now
from api.store.tables import SilentAnswer, SilentRun
from nlp.guidance import load_guidance

TOGETHER = "Agencies with few decided contacts, together"


@dataclass(frozen=True)
class Seen:
    """How many contacts were read, and how the decisions on them came about.

    ``after_reading`` decisions were made with the reading in service in view, so that they are not
    independent of it: people tend to agree with what they are shown. ``first_views`` were given
    before, and ``without_reading`` there was none to see.
    """

    read: int
    decided: int
    beforehand: int
    after_reading: int
    first_views: int
    without_reading: int


@dataclass(frozen=True)
class Row:
    """One part of the contacts: a month, an agency, a form."""

    name: str
    silent: ReaderFigures
    in_service: ReaderFigures


@dataclass(frozen=True)
class Comparison:
    """What is known; figures are of every contact that was read and decided.

    ``verdict`` rests upon those alone that were read before staff decided, and never on `since`.
    ``in_service_names`` are the readers that were in service meanwhile.
    """

    reader: str
    started_at: datetime
    since: datetime | None
    made_at: datetime
    in_service_names: tuple[str, ...]
    seen: Seen
    silent: ReaderFigures
    in_service: ReaderFigures
    months: tuple[Row, ...]
    kinds: tuple[Row, ...]
    agencies: tuple[Row, ...]
    forms: tuple[Row, ...]
    corrected: tuple[Corrected, ...]
    rule: SampleSizeRule
    verdict: Verdict


def silent_readers(session: Session) -> tuple[str, ...]:
    """Give the readers that read silently, the last to begin first."""
    return tuple(
        session.scalars(
            select(SilentRun.reader).order_by(SilentRun.started_at.desc(), SilentRun.reader)
        )
    )


def compare(
    session: Session,
    reader: str,
    *,
    since: datetime | None = None,
    rule: SampleSizeRule | None = None,
) -> Comparison:
    """Compare the silent *reader* with decisions made from *since* on, or with all.

    The verdict is by *rule*, or by the one of ``rule.yaml``, and looks at all decisions.

    Raises:
        NotFoundError: If no such reader reads silently.
        RulebookError: If the file of the rule holds mistakes.
    """
    run = session.get(SilentRun, reader)
    if run is None:
        raise NotFoundError("silent reader")
    rule = rule or load_rule()
    every = find_cases(session, reader)
    cases = every if since is None else tuple(c for c in every if c.decided_at >= since)
    forms, kinds = load_guidance().wording.names.forms, load_guidance().wording.names.agencies
    return Comparison(
        reader=reader,
        started_at=run.started_at,
        since=since,
        made_at=now(),
        in_service_names=_in_service(session, reader),
        seen=_seen(session, reader, cases),
        silent=figures_of(cases, lambda case: case.silent),
        in_service=figures_of(cases, lambda case: case.in_service),
        months=_rows(cases, lambda case: clocks.month_of(case.decided_at)),
        kinds=_rows(cases, lambda case: kinds[case.kind]),
        agencies=_agencies(cases, rule.fewest_of_an_agency),
        forms=_rows(cases, lambda case: forms[case.form]),
        corrected=find_corrected(session, reader, since=since),
        rule=rule,
        verdict=reach_verdict(every, rule),
    )


def _seen(session: Session, reader: str, cases: Sequence[Case]) -> Seen:
    read = select(func.count()).where(SilentAnswer.reader == reader, SilentAnswer.served.is_(False))
    first_views = sum(case.gave_first_view for case in cases)
    own = sum(case.own_view is not None for case in cases)
    return Seen(
        read=session.scalar(read) or 0,
        decided=len(cases),
        beforehand=sum(case.beforehand for case in cases),
        after_reading=len(cases) - own,
        first_views=first_views,
        without_reading=own - first_views,
    )


def _in_service(session: Session, reader: str) -> tuple[str, ...]:
    named = select(SilentAnswer.answered_by).where(
        SilentAnswer.reader == reader, SilentAnswer.served
    )
    return tuple(sorted(session.scalars(named.distinct())))


def _rows(cases: Sequence[Case], name_of: Callable[[Case], str]) -> tuple[Row, ...]:
    names = sorted({name_of(case) for case in cases})
    return tuple(_row(name, [case for case in cases if name_of(case) == name]) for name in names)


def _row(name: str, cases: Sequence[Case]) -> Row:
    return Row(
        name,
        figures_of(cases, lambda case: case.silent),
        figures_of(cases, lambda case: case.in_service),
    )


def _agencies(cases: Sequence[Case], fewest: int) -> tuple[Row, ...]:
    """Agencies with enough contacts; the rest together, lest a figure be about a few children."""
    return tuple(_agency_rows(cases, fewest))


def _agency_rows(cases: Sequence[Case], fewest: int) -> Iterator[Row]:
    by_agency: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        by_agency.setdefault((case.agency, case.agency_id), []).append(case)
    small: list[Case] = []
    for (name, _), own in sorted(by_agency.items()):
        if len(own) >= fewest:
            yield _row(name, own)
        else:
            small.extend(own)
    if small:
        yield _row(TOGETHER, small)
