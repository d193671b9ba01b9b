"""Two folders of readers are compared, and the command opens or shuts the gate."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotation.labels import LabelledContact
from evaluation.__main__ import main
from evaluation.behaviour import suite
from evaluation.comparing import page
from evaluation.comparing.comparison import UnfairError, compare
from evaluation.comparing.differences import Finding
from evaluation.comparing.rule import RULE, load_rule
from models.gate_record import GATE, GateRecord
from models.local.splitting import hash_text, split_local
from tests.evaluation.builders import make_labelled
from tests.models.corpus_for_tests import make_contacts
from tests.models.readers_for_tests import copy_whole, make_small_reader, save_whole

RESAMPLES = 300
LOAD_SUITE = suite.load_suite


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return save_whole(make_small_reader(), tmp_path / "base")


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    return save_whole(replace(make_small_reader(), name="small 0+local.x"), tmp_path / "candidate")


@pytest.fixture
def locked() -> tuple[LabelledContact, ...]:
    return make_contacts("D")


def few(*capabilities: str) -> suite.Suite:
    train = tuple(make_labelled(number) for number in range(1, 4))
    return LOAD_SUITE(train=train).only(capabilities)


def test_two_folders_are_compared(
    candidate: Path, base: Path, locked: tuple[LabelledContact, ...]
) -> None:
    made = compare(
        candidate,
        base,
        locked,
        load_rule(),
        few("other_person"),
        whole_suite=False,
        resamples=RESAMPLES,
    )
    verdict = made.verdict
    assert not verdict.opened
    assert any("locked contacts, 100 needed" in reason for reason in verdict.reasons)
    assert (verdict.candidate.name, verdict.against.name) == ("small 0+local.x", "small 0")
    assert made.unknown == ("small 0+local.x", "small 0")
    assert all(each.candidate == each.in_service for each in made.behaviour)
    assert {each.finding for each in made.differences} <= {Finding.NO_WORSE, Finding.TOO_FEW}
    written = page.write_comparison(made, candidate)
    html = written.read_text(encoding="utf-8")
    assert "The gate is shut" in html
    assert "Nobody knows what small 0 has learnt from" in html
    assert GateRecord.model_validate_json((candidate / GATE).read_bytes()) == verdict
    assert not any(contact.text in html for contact in locked)
    assert "the gate is shut" in page.write_summary(made)


def test_a_reader_that_has_learnt_what_is_locked_is_not_compared(
    candidate: Path, base: Path, locked: tuple[LabelledContact, ...]
) -> None:
    (base / "learnt.json").write_text(json.dumps({"texts": [hash_text(locked[0].text)]}))
    same = sum(hash_text(each.text) == hash_text(locked[0].text) for each in locked)
    with pytest.raises(UnfairError, match=f"base has learnt from {same} of the {len(locked)}"):
        compare(candidate, base, locked, load_rule(), few("other_person"), whole_suite=False)


def test_the_command_shuts_or_opens_the_gate(
    candidate: Path,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    split_local(make_contacts("D"), tmp_path / "local", share=0.5)
    lenient = tmp_path / "lenient.toml"
    words = RULE.read_text(encoding="utf-8")
    for strict, instead in (
        ("contacts = 100", "contacts = 1"),
        ("protection = 12", "protection = 1"),
        ("whole = true", "whole = false"),
    ):
        words = words.replace(strict, instead)
    lenient.write_text(words, encoding="utf-8")
    monkeypatch.setattr(suite, "load_suite", lambda: few("other_person", "alarming_but_low"))
    arguments = ["compare", str(candidate), "--against", str(base), "--on", str(tmp_path / "local")]
    assert main(arguments) == 1
    assert "the gate is shut" in capsys.readouterr().out
    assert main([*arguments, "--only", "other_person", "--rule", str(lenient)]) == 0
    assert "the gate is open: small 0+local.x" in capsys.readouterr().out


def test_contacts_that_were_not_locked_are_not_compared_on(
    candidate: Path, base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_whole(base, tmp_path / "other")
    at = ["--against", str(tmp_path / "other"), "--on", str(tmp_path)]
    assert main(["compare", str(candidate), *at]) == 2
    assert "python -m models split" in capsys.readouterr().err
