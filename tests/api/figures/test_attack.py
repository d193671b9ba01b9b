"""Somebody keeps everything that was ever published and solves for what was hidden."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array
from sqlalchemy import delete, select

from api import clocks
from api.figures import publishing
from api.figures.axes import ALL, financial_year_of, quarter_of
from api.figures.facts import Fact
from api.figures.measures import count
from api.figures.publishing import publish
from api.figures.relations import SAME, SEVERAL, WITHIN, Cell
from api.figures.selection import find_covered
from api.figures.shown import Figures
from api.figures.suppression import LARGEST_SMALL
from api.store.codes import Outcome
from api.store.opening import Store, open_store
from api.store.tables import Agency, MonthlyFigure, Publication, PublishedFigure
from nlp import domain
from nlp.domain import LEVELS, Form, Reason, SafetyFlag
from tests.figure_builders import keep_counts

MONTHS = [f"2025-{month:02}" for month in range(4, 13)] + [f"2026-{m:02}" for m in range(1, 6)]
MEASURES = {
    *("contacts", "outcome", "decision_time", "stated_against_decided", "any_flag", "flag"),
    *("notification", "timeliness", "reason", "reply", "rating", "element:consent"),
}
SEVERAL_AT_ONCE = {"flag", "reason"}
FORMS = tuple(Form)

Leaf = tuple[str, str, Form, str, str]  # month, agency, form, measure, category


def draw_fact(form: Form, month: str, random: Random) -> Fact:
    start = clocks.month_bounds(month)[0] + timedelta(days=random.randrange(27), hours=10)
    decided = random.random() < 0.8
    inappropriate = random.random() < 0.3 if form is Form.PPN and decided else None
    rating = random.choice(("good", "inadequate", None))
    return Fact(
        form=form,
        received_at=start,
        incident_on=None,
        stated_level=random.choice(LEVELS),
        read_level=None,
        score=None if rating is None else 50,
        rating=rating,
        statuses={"consent": random.choice(("met", "missing"))} if rating else {},
        flags=tuple(random.sample(list(SafetyFlag)[:3], random.choice((0, 0, 0, 1, 2)))),
        looks_inappropriate=False,
        first_missing=None,
        sent_missing=None,
        repeat=False,
        decided_at=start + timedelta(hours=random.choice((1, 20, 200))) if decided else None,
        decided_level=random.choice(LEVELS) if decided else None,
        outcome=random.choice(list(Outcome)[:3]) if decided else None,
        inappropriate=inappropriate,
        reasons=tuple(random.sample(list(Reason)[:3], random.choice((1, 2))))
        if inappropriate
        else (),
        came_late=False,
        replied_at=start + timedelta(hours=30) if decided and random.random() < 0.8 else None,
    )


@dataclass
class Area:
    """Contacts that come, late ones too, and figures that are kept of them and published."""

    store: Store
    random: Random
    mean: float
    groups: dict[str, str | None] = field(default_factory=dict)
    contacts: dict[tuple[str, str], list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def add_agency(self, agency: str, group: str | None) -> None:
        self.groups[agency] = group
        with self.store.writing() as session:
            session.add(
                Agency(id=agency, name="", kind=domain.Agency.SCHOOL, source_code="2A", group=group)
            )

    def move(self, agency: str, group: str | None) -> None:
        with self.store.writing() as session:
            session.get_one(Agency, agency).group = group

    def send(self, month: str, agency: str, mean: float) -> None:
        for form in FORMS:
            number = np.random.default_rng(self.random.randrange(10**9)).poisson(mean)
            self.contacts[month, agency] += [
                draw_fact(form, month, self.random) for _ in range(number)
            ]

    def keep(self, month: str, agency: str) -> None:
        counted = count(self.contacts[month, agency])
        told = {key: number for key, number in counted.items() if str(key[1]) in MEASURES}
        kept = MonthlyFigure.month == month, MonthlyFigure.agency_id == agency
        with self.store.writing() as session:
            session.execute(delete(MonthlyFigure).where(*kept))
            keep_counts(session, told, month=month, agency=agency)

    def live(self, months: Iterable[str]) -> None:
        """Let the months go by: contacts of earlier ones come, change and are published."""
        past: list[str] = []
        for month in months:
            past.append(month)
            for agency in self.groups:
                self.send(month, agency, self.mean)
                self.keep(month, agency)
            for _ in range(3):  # one that comes late; one that is decided otherwise
                back, agency = self.random.choice(past), self.random.choice(list(self.groups))
                self.send(back, agency, 0.7)
                held = self.contacts[back, agency]
                if held:
                    form = held[0].form
                    held[0] = draw_fact(form, back, self.random)
                self.keep(back, agency)
            publish(self.store, at=clocks.month_bounds(month)[1] + timedelta(days=8))


class Attacker:
    """Everything that was ever shown, as equations over the counts of months."""

    def __init__(self, store: Store) -> None:
        with store.reading() as session:
            self.publications = list(session.scalars(select(Publication)))
            self.rows = list(session.scalars(select(PublishedFigure)))
        self.places: dict[Leaf | tuple[str, int], int] = {}
        self.equations: list[tuple[dict[int, float], float]] = []
        groups = {each.id: each.groups for each in self.publications}
        self.groups = groups
        listed = {(r.measure, r.category) for r in self.rows if r.measure != "mean_score"}
        cells = sorted(listed)
        shown = {
            (r.publication_id, r.measure, r.category, r.period, r.agency, r.form): r.value
            for r in self.rows
        }
        self.hidden: list[tuple[str, tuple[str, str], str, str, str, float]] = [
            (r.publication_id, (r.measure, r.category), r.period, r.agency, r.form, r.withheld or 0)
            for r in self.rows
            if r.value is None and r.measure != "mean_score"
        ]
        for publication in self.publications:
            for period, agency, form in self.combinations(publication):
                for cell in cells:
                    value = shown.get((publication.id, *cell, period, agency, form), 0.0)
                    if value is not None:
                        self.know(self.terms(publication.id, cell, period, agency, form), value)
        for month in self.months():
            for agency in sorted({a for g in groups.values() for a in g}):
                for form in FORMS:
                    self.relate(cells, month, agency, form)

    def months(self) -> list[str]:
        return [
            m for m in MONTHS if any(p.first_month <= m <= p.last_month for p in self.publications)
        ]

    def combinations(self, publication: Publication) -> Iterator[tuple[str, str, str]]:
        new = [m for m in MONTHS if publication.first_month <= m <= publication.last_month]
        periods = list(new)
        for name_of, size in ((quarter_of, 3), (financial_year_of, 12)):
            for name in {name_of(m) for m in new}:
                members = [m for m in MONTHS if name_of(m) == name]
                if len(members) == size and members[-1] in new:
                    periods.append(name)
        agencies = [*publication.groups, *{f"group:{g}" for g in publication.groups.values() if g}]
        for period in periods:
            for agency in (*agencies, ALL):
                for form in (*FORMS, ALL):
                    yield period, agency, form

    def terms(
        self, publication: str, cell: tuple[str, str], period: str, agency: str, form: str
    ) -> dict[int, float]:
        groups = self.groups[publication]
        months = [m for m in MONTHS if period in (m, quarter_of(m), financial_year_of(m))]
        agencies = [a for a in groups if agency in (a, f"group:{groups[a]}", ALL)]
        forms = [f for f in FORMS if form in (f, ALL)]
        return {self.place((m, a, f, *cell)): 1.0 for m in months for a in agencies for f in forms}

    def place(self, name: Leaf | tuple[str, int]) -> int:
        return self.places.setdefault(name, len(self.places))

    def know(self, terms: dict[int, float], value: float) -> None:
        self.equations.append((terms, value))

    def relate(self, cells: list[Cell], month: str, agency: str, form: Form) -> None:
        """What everybody knows of how measures hang together."""

        def know(terms: dict[Cell, float], *, rest: float = 0.0) -> None:
            placed = {
                self.place((month, agency, form, *cell)): sign
                for cell, sign in terms.items()
                if cell in cells
            }
            if rest:
                placed[self.place(("rest", len(self.places)))] = rest
            self.know(placed, 0.0)

        for measure in {m for m, _ in cells} - SEVERAL_AT_ONCE - {"contacts"}:
            parts = {each: -1.0 for each in cells if each[0] == measure and each[1] != ALL}
            know({("contacts", ALL): 1.0, **parts})
            know({(measure, ALL): 1.0, **parts})
        for one, other in SAME:
            if one in cells and other in cells:
                know({one: 1.0, other: -1.0})
        for whole, within in WITHIN:
            know({whole: 1.0, **dict.fromkeys(within, -1.0)}, rest=-1.0)
        for some, measure in SEVERAL:
            several = [each for each in cells if each[0] == measure]
            for each in several:
                know({some: 1.0, each: -1.0}, rest=-1.0)
            know({some: 1.0, **dict.fromkeys(several, -1.0)}, rest=1.0)

    def solve(self, terms: dict[int, float]) -> tuple[float, float]:
        """The least and the most that a hidden cell can be."""
        entries = [(n, p, x) for n, (each, _) in enumerate(self.equations) for p, x in each.items()]
        rows, columns, values = zip(*entries, strict=True)
        shape = (len(self.equations), len(self.places))
        matrix = csr_array((values, (rows, columns)), shape=shape)
        goal = np.zeros(len(self.places))
        goal[list(terms)] = 1
        sides = [value for _, value in self.equations]
        solve: Any = linprog  # whose stubs know no sparse matrix
        least = solve(goal, A_eq=matrix, b_eq=sides)
        most = solve(-goal, A_eq=matrix, b_eq=sides)
        assert least.status == 0, "what was published contradicts itself"
        return float(least.fun), float("inf") if most.status == 3 else -float(most.fun)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 6.0]))
def test_what_is_hidden_stays_hidden_from_who_keeps_every_publication(
    migrated_folder: Path, seed: int, mean: float
) -> None:
    """Over a year contacts come late, decisions change, and agencies come and change group."""
    with TemporaryDirectory() as folder:
        shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
        store = open_store("", folder=Path(folder))
        area = Area(store, Random(seed), mean)  # noqa: S311 - nothing secret
        for agency, group in (("a", "north"), ("b", "north"), ("c", "south"), ("d", None)):
            area.add_agency(agency, group)
        area.live(MONTHS[:4])
        area.move("a", "south")
        area.add_agency("e", "north")
        area.live(MONTHS[4:7])
        area.move("b", None)
        area.live(MONTHS[7:9])
        attacker = Attacker(store)
        store.close()
    small = [each for each in attacker.hidden if 1 <= each[-1] <= LARGEST_SMALL]
    assert small
    for each in area.random.sample(small, min(6, len(small))):
        least, most = attacker.solve(attacker.terms(*each[:5]))
        assert least - 1e-6 <= each[5] <= most + 1e-6
        assert most - least >= 1 - 1e-6, each


def publish_in_turn(store: Store, counts: dict[str, dict[str, int]]) -> None:
    """Publish each month after the other; *counts* gives the referrals of agency 'a' in a month."""
    with store.writing() as session:
        session.add(Agency(id="a", name="", kind=domain.Agency.SCHOOL, source_code="2A"))
    for month, kept in counts.items():
        told = dict[tuple[Form, str, str], int]()
        for cell, number in kept.items():
            measure, category = cell.split("/")
            told[Form.REFERRAL, measure, category] = number
        with store.writing() as session:
            keep_counts(session, told, month=month, agency="a")
        publish(store, at=clocks.month_bounds(month)[1] + timedelta(days=8))


def shown(store: Store, measure: str) -> dict[tuple[str, str], float | None]:
    with store.reading() as session:
        return {
            (each.period, each.category): each.value
            for each in session.scalars(
                select(PublishedFigure).where(
                    PublishedFigure.measure == measure,
                    PublishedFigure.agency == "a",
                    PublishedFigure.form == "all",
                )
            )
        }


def test_a_month_is_not_told_by_the_quarter_that_comes_later(empty_store: Store) -> None:
    months = {"2026-01": 20, "2026-02": 3, "2026-03": 30}
    publish_in_turn(empty_store, {m: {"contacts/all": n} for m, n in months.items()})
    found = shown(empty_store, "contacts")
    assert found["2026-01", "all"] == 20
    assert found["2026-02", "all"] is None
    assert None in {found["2026-03", "all"], found["2026-Q1", "all"]}


def test_what_comes_for_a_published_month_changes_nothing(empty_store: Store) -> None:
    publish_in_turn(empty_store, {"2026-01": {"contacts/all": 12}})
    with empty_store.writing() as session:
        session.scalars(select(MonthlyFigure)).one().count = 13
    at = datetime(2026, 4, 20, tzinfo=clocks.LONDON)
    assert publish(empty_store, at=at)
    assert not publish(empty_store, at=at)
    found = shown(empty_store, "contacts")
    assert found["2026-01", "all"] == found["2026-Q1", "all"] == 12


def test_a_number_that_one_measure_hides_is_not_in_another(empty_store: Store) -> None:
    kept = {
        "contacts/all": 43,
        "decision_time/longer": 3,
        "decision_time/not_decided": 40,
        "outcome/referral": 3,
        "outcome/not_decided": 40,
    }
    publish_in_turn(empty_store, {"2026-01": kept})
    assert shown(empty_store, "contacts")["2026-01", "all"] == 43
    assert shown(empty_store, "decision_time")["2026-01", "not_decided"] is None
    assert shown(empty_store, "outcome")["2026-01", "not_decided"] is None


def test_flags_and_any_flag_do_not_tell_who_had_none(empty_store: Store) -> None:
    kept = {
        "contacts/all": 9,
        "any_flag/some": 7,
        "any_flag/none": 2,
        "flag/weapon": 7,
    }
    publish_in_turn(empty_store, {"2026-01": kept})
    assert shown(empty_store, "any_flag")["2026-01", "none"] is None
    assert shown(empty_store, "any_flag")["2026-01", "some"] is None
    assert shown(empty_store, "flag")["2026-01", "weapon"] is None


def test_an_agency_or_group_that_was_not_there_is_no_nought(empty_store: Store) -> None:
    publish_in_turn(empty_store, {"2026-01": {"contacts/all": 40}})
    with empty_store.writing() as session:
        session.add(Agency(id="b", name="B", kind=domain.Agency.SCHOOL, source_code="2A"))
        session.get_one(Agency, "a").group = "new"
    with empty_store.reading() as session:
        covered = find_covered(session)
        figures = Figures.load(session, ["contacts"])
    assert covered is not None
    assert set(covered.senders) == {"all", "a"}
    assert figures.count("contacts", period="2026-01", agency="b") is None
    assert figures.count("contacts", period="2026-01", agency="group:new") is None


def test_two_servers_do_not_publish_a_month_twice(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_in_turn(empty_store, {"2026-01": {"contacts/all": 40}})
    with empty_store.reading() as session:
        before = len(session.scalars(select(PublishedFigure)).all())
    monkeypatch.setattr(publishing, "due_months", lambda *_: ["2026-01"])
    assert not publish(empty_store)
    with empty_store.reading() as session:
        assert len(session.scalars(select(PublishedFigure)).all()) == before
        assert len(session.scalars(select(Publication)).all()) == 1
