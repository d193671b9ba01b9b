"""What an operator runs: the audit log verified, what is over erased, the key replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from api.__main__ import main
from api.store.opening import Store
from api.store.tables import Contact
from tests.api.intake.test_retention import decide, erased
from tests.hub_builders import add_contact

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def store(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the settings name."""
    monkeypatch.setenv("RQ_DATA_FOLDER", str(tmp_path / "store"))
    add_contact(sqlite_store)
    return sqlite_store


def noted(capsys: Captured) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_a_whole_log_exits_with_0_and_says_what_to_note(store: Store, capsys: Captured) -> None:
    assert main(["audit", "verify"]) == 0
    row, _, seal = noted(capsys).partition(":")
    assert (int(row), len(seal)) == (1, 64)
    add_contact(store)
    assert main(["audit", "verify", "--noted", f"{row}:{seal}"]) == 0


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET target = 'contact:x' WHERE number = 1", "DELETE FROM audit WHERE number=1"],
)
def test_a_tampered_log_exits_with_1(store: Store, capsys: Captured, change: str) -> None:
    add_contact(store)
    with store.engine.begin() as connection:
        connection.execute(text(change))
    assert main(["audit", "verify"]) == 1
    assert "row 1 is not as it was written" in capsys.readouterr().out


def test_rows_cut_off_the_end_show_against_what_was_noted(store: Store, capsys: Captured) -> None:
    add_contact(store)
    main(["audit", "verify"])
    before = noted(capsys)
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE number = 2"))
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "verify", "--noted", before]) == 1
    with pytest.raises(SystemExit, match="2"):
        main(["audit", "verify", "--noted", "nonsense"])


def test_a_purge_only_says_unless_it_is_told_to_erase(store: Store, capsys: Captured) -> None:
    contact = add_contact(store)
    decide(store, contact)
    assert main(["purge"]) == 0
    assert "no_further_action: 1" in capsys.readouterr().out
    assert not erased(store, contact)
    assert main(["purge", "--erase"]) == 0
    assert "1 in all erased." in capsys.readouterr().out
    assert erased(store, contact)
    assert main(["audit", "verify"]) == 0


def test_one_contact_can_be_erased_or_held(store: Store, capsys: Captured) -> None:
    contact = add_contact(store)
    assert main(["hold", contact]) == 0
    assert main(["purge", "--contact", contact, "--erase"]) == 2
    assert "lift the hold first" in capsys.readouterr().err
    assert main(["hold", contact, "--lift"]) == 0
    assert main(["purge", "--contact", contact]) == 0
    assert not erased(store, contact)
    assert main(["purge", "--contact", contact, "--erase"]) == 0
    assert erased(store, contact)
    assert main(["hold", "nothing"]) == 2


def test_the_key_is_replaced_in_three_steps(store: Store, capsys: Captured) -> None:
    assert main(["keys", "drop", "k1"]) == 2
    assert "run keys rotate first" in capsys.readouterr().err
    assert main(["keys", "add"]) == 0
    assert "Added k2" in capsys.readouterr().out
    assert main(["keys", "rotate"]) == 0
    assert "keys drop k1" in capsys.readouterr().out
    assert main(["keys", "drop", "k1"]) == 0
    assert main(["audit", "verify"]) == 0
    with store.reading() as session, pytest.raises(Exception, match="lacks"):
        session.query(Contact).first()  # this store still holds the keys of before
