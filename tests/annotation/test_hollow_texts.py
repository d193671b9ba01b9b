"""Texts that say nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotation.hollow_texts import (
    UNREAD,
    Kind,
    fingerprint_hollow,
    load_hollow_texts,
)
from nlp.document import read_document
from nlp.errors import CorpusError

GOOD = {"id": "H0001", "writer": "A", "kind": "policy", "text": "Staff must follow policy."}


def write(folder: Path, *records: dict[str, str]) -> Path:
    path = folder / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    return path


def test_what_teaches_and_what_is_measured_on_share_no_writer_and_no_text() -> None:
    taught, unread = load_hollow_texts(), load_hollow_texts(UNREAD)
    assert {t.writer for t in taught}.isdisjoint(t.writer for t in unread)
    assert {t.text for t in taught}.isdisjoint(t.text for t in unread)
    assert len({t.id for t in (*taught, *unread)}) == len(taught) + len(unread)
    assert {t.kind for t in taught} == set(Kind) - {Kind.REAL}
    assert {t.kind for t in unread} == set(Kind)


def test_every_text_can_be_read() -> None:
    assert all(read_document(t.text).sentences for t in load_hollow_texts())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"id": "H0002", "kind": "secret"}, "kind"),
        ({"id": "1"}, "id"),
        ({"id": "H0002", "text": ""}, "text"),
        ({"id": "H0002", "x": "y"}, "x"),
        ({}, "stands twice"),
    ],
)
def test_a_mistake_is_told_by_line_and_without_words(
    tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    with pytest.raises(CorpusError, match=f"line 2: .*{named}") as told:
        load_hollow_texts(write(tmp_path, GOOD, GOOD | wrong))
    assert "follow" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.jsonl"):
        load_hollow_texts(tmp_path / "none.jsonl")


def test_the_fingerprint_follows_the_texts_and_not_their_order(tmp_path: Path) -> None:
    other = GOOD | {"id": "H0002"}
    one = load_hollow_texts(write(tmp_path, GOOD, other))
    changed = load_hollow_texts(write(tmp_path, GOOD, other | {"text": "Other."}))
    assert fingerprint_hollow(one) == fingerprint_hollow(one[::-1])
    assert fingerprint_hollow(one) != fingerprint_hollow(changed)
