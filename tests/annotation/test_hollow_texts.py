"""Texts that say nothing."""

from __future__ import annotations

from pathlib import Path

from annotation.hollow_texts import (
    UNREAD,
    Kind,
    fingerprint_hollow,
    load_hollow_texts,
)
from nlp.document import read_document
from tests.annotation.records_for_tests import write_lines

GOOD = {"id": "H0001", "writer": "A", "kind": "policy", "text": "Staff must follow policy."}


def test_what_teaches_and_what_is_measured_on_share_no_writer_and_no_text() -> None:
    taught, unread = load_hollow_texts(), load_hollow_texts(UNREAD)
    assert {t.writer for t in taught}.isdisjoint(t.writer for t in unread)
    assert {t.text for t in taught}.isdisjoint(t.text for t in unread)
    assert len({t.id for t in (*taught, *unread)}) == len(taught) + len(unread)
    assert {t.kind for t in taught} == set(Kind) - {Kind.REAL}
    assert {t.kind for t in unread} == set(Kind)


def test_every_text_can_be_read() -> None:
    assert all(read_document(t.text).sentences for t in load_hollow_texts())


def test_the_fingerprint_follows_the_texts_and_not_their_order(tmp_path: Path) -> None:
    other = GOOD | {"id": "H0002"}
    one = load_hollow_texts(write_lines(tmp_path, GOOD, other))
    changed = load_hollow_texts(write_lines(tmp_path, GOOD, other | {"text": "Other."}))
    assert fingerprint_hollow(one) == fingerprint_hollow(one[::-1])
    assert fingerprint_hollow(one) != fingerprint_hollow(changed)
