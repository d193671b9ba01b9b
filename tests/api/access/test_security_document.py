"""What the security document says of tests and of the sign-in file is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.access.oidc.providers import load_providers
from nlp.errors import RulebookError

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
    assert len(named) > 50
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists()
        or f"\ndef {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_the_sign_in_file_of_the_document_is_one(tmp_path: Path) -> None:
    shown = re.search(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert shown is not None
    file = tmp_path / "sign-in.yaml"
    file.write_text(shown[1], encoding="utf-8")
    assert list(load_providers(file)) == ["council", "police", "schools"]


GOOD = {"id": "x", "name": "X", "issuer": "https://x.example", "client_id": "c"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "http://x.example"}, "https://"),
        ({"issuer": "ftp://127.0.0.1"}, "https://"),
        ({"role_claim": "roles"}, "which value is which role"),
        ({"agency_claim": "tid"}, "which value is which agency"),
        ({"roles": {"x": "god"}}, "roles.x"),
        ({"client_secret": "in the file itself"}, "client_secret"),
        ({"id": "../x"}, "id"),
    ],
    ids=str,
)
def test_a_mistake_in_the_sign_in_file_is_told(
    tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    file = tmp_path / "sign-in.yaml"
    fields = "\n".join(f"    {key}: {value!r}" for key, value in {**GOOD, **wrong}.items())
    file.write_text(f"providers:\n  -\n{fields}\n", encoding="utf-8")
    with pytest.raises(RulebookError, match=re.escape(said)):
        load_providers(file)
