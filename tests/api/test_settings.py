"""Settings are typed, told in words and the same as README says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.__main__ import main
from api.settings import Settings, settings_table

README = Path(__file__).parents[2] / "README.md"


def test_readme_shows_every_setting_as_it_is() -> None:
    assert settings_table() in README.read_text(encoding="utf-8")


def test_the_table_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert capsys.readouterr().out == settings_table() + "\n"


def test_every_setting_has_a_sentence_of_help() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RQ_DEFAULT_FRAMEWORK", "london")
    monkeypatch.setenv("RQ_THREADS", "3")
    settings = Settings()
    assert (settings.default_framework, settings.threads) == ("london", 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_limit", "often"),
        ("brand_colour", "#ffdd00"),
        ("brand_colour", "teal"),
        ("threads", "0"),
        ("log_level", "LOUD"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"RQ_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_the_public_address_may_be_the_one_that_the_help_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RQ_PUBLIC_ADDRESS", "https://referrals.example.gov.uk")

    assert Settings().public_address == "https://referrals.example.gov.uk"
