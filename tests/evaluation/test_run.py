"""A run measures, notes a look at dev before it is seen, and the commands say what they did."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotation.corpus import TwiceLabelled
from evaluation import gate, looks, report, run
from evaluation.__main__ import main
from evaluation.baselines import fit_majority
from evaluation.contestants import READER, fit_keywords
from evaluation.evaluate import Contestant
from evaluation.looks import LooksError, read_looks
from evaluation.report import AUTHORS_LEFT_OUT, DEV, UNREAD
from evaluation.run import run_evaluation
from models import predict
from nlp.domain import Form, Level, SafetyFlag
from tests.evaluation.builders import make_labelled, make_present
from tests.fakes import FakeReader

TRAIN = tuple(
    make_labelled(number, author=author, level=level)
    for author in ("TR1", "TR2", "TR3")
    for number, level in enumerate(Level)
)
UNREAD_CONTACTS = tuple(
    make_labelled(number, author="TRQ", level=level) for number, level in enumerate(Level)
)
TWICE = tuple(
    TwiceLabelled(author=contact, second=contact, adjudicated=contact)
    for contact in (
        make_labelled(
            number,
            author="DE1",
            level=level,
            form=(Form.REFERRAL, Form.PPN)[number % 2],
            flags={0: make_present(SafetyFlag.WEAPON)},
        )
        for number, level in enumerate(Level)
    )
)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small corpus, a fake reader, and files of our own."""
    monkeypatch.setattr(run, "load_train", lambda: TRAIN)
    monkeypatch.setattr(run, "load_unread", lambda: UNREAD_CONTACTS)
    monkeypatch.setattr(run, "load_unread_second", lambda: UNREAD_CONTACTS)
    monkeypatch.setattr(run, "load_twice_labelled", lambda: TWICE)
    monkeypatch.setattr(run, "load_reader", FakeReader)
    monkeypatch.setattr(predict, "load_reader", FakeReader)
    monkeypatch.setattr(
        run,
        "unseen_contestants",
        lambda: (Contestant(READER, fit_keywords), Contestant("majority", fit_majority)),
    )
    monkeypatch.setattr(report, "LATEST", tmp_path / "latest")
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.json")
    path = tmp_path / "looks.jsonl"
    monkeypatch.setattr(looks, "LOG", path)
    return path


def test_a_run_without_dev_leaves_dev_and_the_log_alone(log: Path) -> None:
    made = run_evaluation(dev=False, quick=True, processes=1, log=log)
    assert list(made.splits) == [AUTHORS_LEFT_OUT, UNREAD]
    assert made.splits[UNREAD].contacts == len(UNREAD_CONTACTS)
    assert made.splits[AUTHORS_LEFT_OUT].contacts == 8  # two of three authors
    assert not log.exists()


def test_a_look_at_dev_is_noted_with_its_figures(log: Path) -> None:
    made = run_evaluation(dev=True, quick=True, processes=1, log=log)
    judged = {READER, "linear", "keywords", "majority", "author", "second"}
    assert set(made.splits[DEV].figures) == judged
    assert made.splits[DEV].mistakes == {}
    assert made.splits[DEV].figures["author"]["level_kappa"].value == 1.0
    (look,) = read_looks(log)
    assert look.reader == FakeReader().name
    assert look.corpus == made.corpus[DEV]
    assert look.figures["level_accuracy"] == 0.25
    assert look.decided is None


def test_a_second_look_is_refused_before_anything_is_read(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_evaluation(dev=True, quick=True, processes=1, log=log)
    monkeypatch.setattr(run, "load_train", lambda: pytest.fail("was read"))
    with pytest.raises(LooksError, match="decide"):
        run_evaluation(dev=True, quick=True, processes=1, log=log)


def test_the_commands_run_decide_pin_and_gate(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--processes", "1"]) == 0
    assert "Level, quadratic kappa" in capsys.readouterr().out
    assert main(["run", "--processes", "1"]) == 2
    assert "decide" in capsys.readouterr().err
    assert main(["decide", "release it"]) == 0
    assert read_looks(log)[-1].decided == "release it"
    assert main(["gate"]) == 2
    assert main(["gate", "--pin"]) == 0
    assert main(["gate"]) == 0
    floors = tmp_path / "floors.json"
    floors.write_text(floors.read_text().replace('"level_accuracy": 0.', '"level_accuracy": 1.'))
    capsys.readouterr()
    assert main(["gate"]) == 1
    assert "level_accuracy" in capsys.readouterr().out


def test_a_decision_may_be_given_with_the_run(log: Path) -> None:
    assert main(["run", "--fast", "--processes", "1", "--decided", "keep it"]) == 0
    assert read_looks(log)[-1].decided == "keep it"
