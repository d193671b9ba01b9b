"""Every look at dev is written down, and none is had beyond the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.looks import (
    MOST_LOOKS,
    Look,
    LooksError,
    check_may_look,
    note_decision,
    note_look,
    read_looks,
)


def _look(*, decided: str | None = "released", release: str = "1.0") -> Look:
    return Look(
        made="2026-11-26T12:00:00Z",
        release=release,
        looked_at="dev",
        corpus="print",
        reader="fake 1",
        rulebook="1",
        figures={"level_kappa": 0.9, "reasons_f1": None},
        decided=decided,
    )


def test_a_look_is_kept_and_its_decision_noted_later(tmp_path: Path) -> None:
    log = tmp_path / "looks.jsonl"
    assert read_looks(log) == ()
    note_look(_look(), log)
    note_look(_look(decided=None), log)
    note_decision("release as it is", log)
    assert [look.decided for look in read_looks(log)] == ["released", "release as it is"]


def test_a_decision_needs_a_look_that_waits_for_one(tmp_path: Path) -> None:
    log = tmp_path / "looks.jsonl"
    with pytest.raises(LooksError, match="waits for a decision"):
        note_decision("release", log)
    note_look(_look(), log)
    with pytest.raises(LooksError, match="waits for a decision"):
        note_decision("release", log)


def test_the_next_look_waits_for_the_last_decision() -> None:
    with pytest.raises(LooksError, match="evaluation decide"):
        check_may_look([_look(decided=None)], release="1.0")
    check_may_look([_look()], release="1.0")


def test_a_release_has_ten_looks_and_the_next_release_ten_more() -> None:
    looks = [_look()] * MOST_LOOKS
    with pytest.raises(LooksError, match="has had its 10 looks"):
        check_may_look(looks, release="1.0")
    check_may_look(looks, release="1.1")
