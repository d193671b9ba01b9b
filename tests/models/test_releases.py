"""Only what the gate let through serves, and one command undoes it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from models import predict
from models.__main__ import main
from models.gate_record import GATE
from models.release_history import Act, read_history
from models.releases import load_in_service, release, roll_back, served_folder
from models.tfidf import TfidfReader
from nlp.errors import ArtefactError
from tests.models.readers_for_tests import copy_whole, damage, give_verdict, save_whole

NUMBERS = "parameters.npz"


@pytest.fixture
def shipped(small_reader: TfidfReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped reader of these tests, which loads in no time."""
    folder = save_whole(renamed(small_reader, "shipped 1"), tmp_path / "shipped")
    monkeypatch.setattr(predict, "RELEASED", folder)
    return folder


@pytest.fixture
def candidate(small_reader: TfidfReader, shipped: Path, tmp_path: Path) -> Path:
    folder = save_whole(renamed(small_reader, "small 1+local.one"), tmp_path / "candidate")
    give_verdict(folder, against=shipped)
    return folder


@pytest.fixture
def readers(tmp_path: Path) -> Path:
    return tmp_path / "readers"


def renamed(reader: TfidfReader, name: str) -> TfidfReader:
    return dataclasses.replace(reader, name=name)


def released_twice(candidate: Path, readers: Path, reader: TfidfReader) -> Path:
    """A second candidate, released over the first."""
    release(candidate, readers, why="first")
    second = save_whole(renamed(reader, "small 1+local.two"), candidate.with_name("second"))
    give_verdict(second, against=served_folder(readers))
    release(second, readers, why="second")
    return second


def test_a_released_candidate_serves(candidate: Path, readers: Path) -> None:
    entry = release(candidate, readers, why="better on our own")
    assert load_in_service(readers).name == "small 1+local.one"
    assert (entry.act, entry.version, entry.before) == (Act.RELEASED, 1, 0)
    assert entry.who
    assert entry.why == "better on our own"
    assert read_history(readers).entries == (entry,)


def test_nothing_released_yet_serves_the_shipped_reader(shipped: Path, readers: Path) -> None:
    readers.mkdir()
    assert load_in_service(readers).name == "shipped 1"


def test_one_that_was_not_compared_is_refused(candidate: Path, readers: Path) -> None:
    (candidate / GATE).unlink()
    with pytest.raises(ArtefactError, match="has not been compared"):
        release(candidate, readers, why="haste")
    assert read_history(readers).entries == ()


def test_one_that_the_gate_refused_is_refused_with_the_reason(
    candidate: Path, shipped: Path, readers: Path
) -> None:
    give_verdict(candidate, against=shipped, reasons=("Child protection, recall fell",))
    with pytest.raises(ArtefactError, match="Child protection, recall fell"):
        release(candidate, readers, why="haste")


def test_a_verdict_on_other_files_is_refused(
    candidate: Path, shipped: Path, readers: Path, small_reader: TfidfReader, tmp_path: Path
) -> None:
    other = save_whole(renamed(small_reader, "small 1+local.other"), tmp_path / "other")
    (other / GATE).write_bytes((candidate / GATE).read_bytes())
    with pytest.raises(ArtefactError, match="its files changed since the comparison"):
        release(other, readers, why="haste")


def test_a_damaged_candidate_is_refused(candidate: Path, readers: Path) -> None:
    damage(candidate / "tfidf" / NUMBERS)
    with pytest.raises(ArtefactError, match=rf"{NUMBERS} has SHA-256"):
        release(candidate, readers, why="haste")


def test_a_verdict_against_another_reader_is_refused(
    candidate: Path, shipped: Path, readers: Path, small_reader: TfidfReader
) -> None:
    late = copy_whole(candidate, candidate.with_name("late"))
    release(candidate, readers, why="first")
    with pytest.raises(ArtefactError, match="the reader in service changed"):
        release(late, readers, why="compared with what served before")


def test_a_verdict_with_other_rules_is_refused(candidate: Path, readers: Path) -> None:
    path = candidate / GATE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"rulebook": "old"}))
    with pytest.raises(ArtefactError, match="the rulebook changed"):
        release(candidate, readers, why="haste")


@pytest.mark.parametrize("content", ["", "{}", "[1]"])
def test_a_verdict_that_cannot_be_read_is_refused(
    candidate: Path, readers: Path, content: str
) -> None:
    (candidate / GATE).write_text(content)
    with pytest.raises(ArtefactError, match=r"gate\.json cannot be read"):
        release(candidate, readers, why="haste")


def test_roll_back_undoes_one_release_after_another(
    candidate: Path, readers: Path, small_reader: TfidfReader
) -> None:
    released_twice(candidate, readers, small_reader)
    served = [load_in_service(readers).name]
    for _ in range(2):
        roll_back(readers, why="worse in the silent run")
        served.append(load_in_service(readers).name)
    assert served == ["small 1+local.two", "small 1+local.one", "shipped 1"]
    acts = [(entry.act, entry.version) for entry in read_history(readers).entries]
    assert acts == [("released", 1), ("released", 2), ("rolled_back", 1), ("rolled_back", 0)]
    with pytest.raises(ArtefactError, match="nothing to undo"):
        roll_back(readers, why="again")


def test_roll_back_goes_to_a_named_version(
    candidate: Path, readers: Path, small_reader: TfidfReader
) -> None:
    released_twice(candidate, readers, small_reader)
    assert roll_back(readers, to=0, why="").version == 0
    assert roll_back(readers, to=2, why="").reader == "small 1+local.two"
    with pytest.raises(ArtefactError, match="version 7 was never released; choose from 0, 1, 2"):
        roll_back(readers, to=7, why="")


def test_numbers_are_never_given_twice(
    candidate: Path, readers: Path, small_reader: TfidfReader
) -> None:
    second = released_twice(candidate, readers, small_reader)
    roll_back(readers, to=0, why="")
    give_verdict(second, against=served_folder(None))
    assert release(second, readers, why="after all").version == 3
    assert roll_back(readers, why="").version == 0


def test_roll_back_to_a_damaged_version_is_refused(
    candidate: Path, readers: Path, small_reader: TfidfReader
) -> None:
    released_twice(candidate, readers, small_reader)
    damage(readers / "versions" / "1" / "tfidf" / NUMBERS)
    with pytest.raises(ArtefactError, match=rf"{NUMBERS} has SHA-256"):
        roll_back(readers, why="")
    assert load_in_service(readers).name == "small 1+local.two"


def test_a_version_that_was_exchanged_does_not_serve(
    candidate: Path, readers: Path, small_reader: TfidfReader
) -> None:
    release(candidate, readers, why="")
    save_whole(renamed(small_reader, "small 1+local.sly"), readers / "versions" / "1")
    with pytest.raises(ArtefactError, match="not the one that was released"):
        load_in_service(readers)


@pytest.mark.parametrize(("place", "act"), [(shutil, "copytree"), (Path, "rename")])
def test_a_release_that_was_cut_off_changes_nothing_and_may_be_done_again(
    candidate: Path, readers: Path, place: object, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, act, cut_off)
        with pytest.raises(KeyboardInterrupt):
            release(candidate, readers, why="power cut")
    assert load_in_service(readers).name == "shipped 1"
    assert release(candidate, readers, why="once more").version == 1
    assert load_in_service(readers).name == "small 1+local.one"


def test_a_history_that_was_cut_off_is_the_one_before(
    candidate: Path, readers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(candidate, readers, why="")

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            roll_back(readers, why="power cut")
    assert load_in_service(readers).name == "small 1+local.one"
    assert len(read_history(readers).entries) == 1


@pytest.mark.parametrize("content", [None, "", "{", '{"entries": [1]}'])
def test_a_lost_or_damaged_history_is_told(
    candidate: Path, readers: Path, content: str | None
) -> None:
    release(candidate, readers, why="")
    history = readers / "history.json"
    if content is None:
        history.unlink()
    else:
        history.write_text(content)
    with pytest.raises(ArtefactError, match=r"history\.json (is gone|cannot be read)"):
        load_in_service(readers)


def test_a_folder_that_is_not_there_is_told(readers: Path) -> None:
    with pytest.raises(ArtefactError, match="there is no such folder"):
        load_in_service(readers)
    with pytest.raises(ArtefactError, match="cannot be opened"):
        roll_back(readers, why="")


def test_the_commands_release_list_and_roll_back(
    candidate: Path, readers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--readers", str(readers)]
    assert main(["release", str(candidate), *at, "--why", "better on our own"]) == 0
    assert "version 1 is in service: small 1+local.one" in capsys.readouterr().out
    assert main(["rollback", *at]) == 0
    assert "version 0 is in service again: shipped 1" in capsys.readouterr().out
    assert main(["releases", *at]) == 0
    listed = capsys.readouterr().out
    assert "better on our own" in listed
    assert "in service: version 0 (the shipped reader)" in listed
    assert main(["rollback", *at]) == 1
    assert "nothing to undo" in capsys.readouterr().err
