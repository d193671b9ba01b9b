"""Contacts that run on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotation.run_ons import UNREAD, Style, fingerprint_run_ons, load_run_ons
from nlp.document import read_document
from nlp.errors import CorpusError

GOOD: dict[str, object] = {
    "id": "R001",
    "writer": "A",
    "style": "small",
    "sentences": ["hi its kai", "mum fell"],
}


def write(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    return path


def test_what_teaches_and_what_is_measured_on_share_no_writer_and_no_text() -> None:
    taught, unread = load_run_ons(), load_run_ons(UNREAD)
    assert {t.writer for t in taught}.isdisjoint(t.writer for t in unread)
    assert {t.text for t in taught}.isdisjoint(t.text for t in unread)
    assert len({t.id for t in (*taught, *unread)}) == len(taught) + len(unread)
    assert {t.style for t in taught} == {t.style for t in unread} == set(Style)


@pytest.mark.parametrize("path", [None, UNREAD])
def test_every_text_can_be_read_and_has_no_stop(path: Path | None) -> None:
    for text in load_run_ons() if path is None else load_run_ons(path):
        assert read_document(text.text).sentences
        assert not any(word[-1] in ".!?" for word in text.text.split())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"id": "R002", "style": "secret"}, "style"),
        ({"id": "1"}, "id"),
        ({"id": "R002", "sentences": ["hi its kai"]}, "sentences"),
        ({"id": "R002", "x": "y"}, "x"),
        ({}, "stands twice"),
    ],
)
def test_a_mistake_is_told_by_line_and_without_words(
    tmp_path: Path, wrong: dict[str, object], named: str
) -> None:
    with pytest.raises(CorpusError, match=f"line 2: .*{named}") as told:
        load_run_ons(write(tmp_path, GOOD, GOOD | wrong))
    assert "kai" not in str(told.value)


def test_the_fingerprint_follows_the_texts_and_not_their_order(tmp_path: Path) -> None:
    other = GOOD | {"id": "R002"}
    one = load_run_ons(write(tmp_path, GOOD, other))
    changed = load_run_ons(write(tmp_path, GOOD, other | {"sentences": ["a b", "c d"]}))
    assert fingerprint_run_ons(one) == fingerprint_run_ons(one[::-1])
    assert fingerprint_run_ons(one) != fingerprint_run_ons(changed)
