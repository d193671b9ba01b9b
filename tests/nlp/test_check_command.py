"""``python -m nlp check``."""

from __future__ import annotations

import pytest

from nlp import __main__ as command
from nlp.errors import RulebookError
from nlp.rules import load_rulebook


def test_a_sound_rulebook_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.check() == 0
    said = capsys.readouterr().out
    assert load_rulebook().version in said
    assert "forms: marf, ppn, safer" in said


def test_the_mistakes_of_every_kind_of_file_are_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> None:
        raise RulebookError(f"{name}.yaml: is not valid YAML")

    monkeypatch.setattr(command, "load_forms", lambda: broken("safer"))
    monkeypatch.setattr(command, "load_guidance", lambda: broken("wording"))
    assert command.check() == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "safer.yaml: is not valid YAML\nwording.yaml: is not valid YAML\n"
