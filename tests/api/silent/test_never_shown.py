"""What a silent reader answered is nowhere but on the page that compares it with decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

import api
from api.access.table import RouteRule, route_rules
from api.assessor import Assessor
from api.clocks import month_of
from api.figures.contact_export import contact_rows
from api.figures.publishing import publish
from api.figures.summaries import refresh
from api.silent.reading import begin, read_silently
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import MonthlyFigure
from api.store.views import view_names
from nlp.domain import Form, Level, Reason, Urgency
from tests.api.hub.builders import QUIET, add_read
from tests.api.hub.signed_in import Desk, make_app, sit_down
from tests.api.silent.builders import SILENT, decide_on, silent_reader
from tests.fakes import FakeReader

PAGE = "/analysis/silent"
# What differs from one look to the next anyway: who looked and when, and what is made up each time.
CHANGES = re.compile(
    r'(nonce|form_token)[^>]*?"[^"]{20,}"|nonce-[^\']+|\d\d:\d\d|0x[0-9a-f]+'
    r'|data-after="\d+"|name="seen" value="\d+"|did what \(\d+|<ol class="rq-acts">.*?</ol>',
    re.DOTALL,
)
AUDIT = "/audit"  # it shows every look


@pytest.fixture
def contacts(sqlite_store: Store) -> list[str]:
    """One that waits and one that was decided, each on either form."""
    made = [add_read(sqlite_store, QUIET, form=form) for form in (*Form, *Form)]
    for each, form in zip(made[2:], Form, strict=True):
        decide_on(
            sqlite_store, each, Level.EARLY_HELP, inappropriate=True if form is Form.PPN else None
        )
    refresh(sqlite_store)
    publish(sqlite_store)
    return made


@pytest.fixture
def app(sqlite_store: Store) -> FastAPI:
    return make_app(sqlite_store, Assessor.load(reader=FakeReader()))


def desks(app: FastAPI) -> Mapping[Role, Desk]:
    return {role: sit_down(app, role) for role in Role}


def addresses(rule: RouteRule, contacts: list[str]) -> list[str]:
    if "{contact_id}" in rule.path:
        return [rule.path.replace("{contact_id}", each) for each in contacts]
    path = rule.path.replace("{agency}", "school_a").replace("{agency_id}", "school_a")
    return [re.sub(r"\{\w+\}", "0" * 32, path)]


def look_everywhere(
    app: FastAPI, at: Mapping[Role, Desk], contacts: list[str]
) -> dict[tuple[str, Role], str]:
    return {
        (address, role): CHANGES.sub("", at[role].get(address).text)
        for rule in route_rules(app)
        if rule.method == "GET" and rule.path not in {PAGE, "/static"}
        for address in addresses(rule, contacts)
        for role in (rule.roles or {Role.HUB})
    }


def rows_of_views(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as session:
        return [
            tuple(row)
            for name in view_names()
            for row in session.execute(text(f"SELECT * FROM {name}"))  # noqa: S608
        ]


def test_a_silent_answer_changes_no_page_no_answer_of_the_api_and_no_view(
    app: FastAPI, sqlite_store: Store, contacts: list[str]
) -> None:
    begin(sqlite_store, SILENT)
    at = desks(app)
    before, views = look_everywhere(app, at, contacts), rows_of_views(sqlite_store)
    silent = silent_reader(
        Level.CHILD_PROTECTION,
        urgency=Urgency.RED,
        inappropriate=0.99,
        reasons=frozenset({Reason.NO_CHILD_LINKED}),
    )
    assert all(read_silently(sqlite_store, each, silent) for each in contacts)
    after = look_everywhere(app, at, contacts)
    assert len(after) > 60
    differing = {place for place in before if before[place] != after[place]}
    assert {address for address, _ in differing} <= {AUDIT}
    assert {address for (address, _), shown in after.items() if SILENT in shown} <= {AUDIT}
    assert rows_of_views(sqlite_store) == views


def test_a_silent_answer_is_in_no_file_and_no_figure(
    sqlite_store: Store, contacts: list[str]
) -> None:
    month = month_of(now())

    def everything() -> list[object]:
        refresh(sqlite_store)
        with sqlite_store.reading() as session:
            figures = session.scalars(select(MonthlyFigure)).all()
            counted = {(each.measure, each.category): each.count for each in figures}
            return [counted, list(contact_rows(session, first=month, last=month))]

    before = everything()
    for each in contacts:
        read_silently(sqlite_store, each, silent_reader())
    assert everything() == before


def test_nothing_but_the_comparison_reads_the_answers() -> None:
    """Erasing takes them away, and the list of tables names them."""
    root = Path(api.__file__).parent
    readers = {
        path.relative_to(root).parts[0] + "/" + path.name
        for path in root.rglob("*.py")
        if "SilentAnswer" in path.read_text(encoding="utf-8")
    }
    others = {each for each in readers if not each.startswith("silent/")}
    assert others == {"store/__init__.py", "store/silent.py", "intake/retention.py"}
    views = (root / "store" / "views.sql").read_text(encoding="utf-8")
    assert "silent" not in views
