"""Leaders' figures are counted as contacts change, and each month is published once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.__main__ import main
from api.figures import keeping
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import MonthlyFigure, Publication, PublishedFigure, StaleMonth
from tests.hub_builders import add_contact, add_user

LAST_MONTH, WEEK = timedelta(days=45), timedelta(days=7)


def count(store: Store, table: type) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_changed_is_counted_and_each_month_published_once(empty_store: Store) -> None:
    add_user(empty_store, Role.LEADER)
    add_contact(empty_store, received_at=now() - LAST_MONTH)
    assert not keeping.keep_figures(empty_store)  # an import may still be going on
    assert count(empty_store, StaleMonth) == 0
    assert count(empty_store, MonthlyFigure) > 0
    assert keeping.keep_figures(empty_store, at=now() + WEEK)
    published = count(empty_store, PublishedFigure)
    add_contact(empty_store, received_at=now() - LAST_MONTH)
    assert not keeping.keep_figures(empty_store, at=now() + WEEK)
    assert count(empty_store, StaleMonth) == 0
    assert count(empty_store, PublishedFigure) == published
    assert keeping.keep_figures(empty_store, at=now() + WEEK + timedelta(days=31))


def test_without_a_complete_month_there_is_nothing_to_publish(sqlite_store: Store) -> None:
    assert not keeping.keep_figures(sqlite_store)


def test_the_thread_keeps_on_after_a_failure(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, tries = threading.Event(), []

    def keep(_store: Store) -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError
        done.set()
        return True

    monkeypatch.setattr(keeping, "keep_figures", keep)
    monkeypatch.setattr(keeping, "PAUSE", 0.01)
    with keeping.keeping(sqlite_store):
        assert done.wait(10)


def test_the_command_publishes_now(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(sqlite_store.engine.url.database).rpartition("/")[0]
    monkeypatch.setenv("RQ_DATA_FOLDER", folder)
    assert main(["figures", "publish"]) == 0
    assert "no closed month" in capsys.readouterr().out
    add_contact(sqlite_store, received_at=now() - LAST_MONTH)
    assert main(["figures", "publish"]) == 0
    assert "published" in capsys.readouterr().out
    assert count(sqlite_store, Publication) == 1
    assert main(["figures", "recount"]) == 0
    assert "months of agencies: 1." in capsys.readouterr().out
