"""Contacts that run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotation.run_ons import TEXTS, UNREAD, Style, load_run_ons
from nlp.document import read_document


def test_what_teaches_and_what_is_measured_on_share_no_writer_and_no_text() -> None:
    taught, unread = load_run_ons(), load_run_ons(UNREAD)
    assert {t.writer for t in taught}.isdisjoint(t.writer for t in unread)
    assert {t.text for t in taught}.isdisjoint(t.text for t in unread)
    assert len({t.id for t in (*taught, *unread)}) == len(taught) + len(unread)
    assert {t.style for t in taught} == {t.style for t in unread} == set(Style)


@pytest.mark.parametrize("path", [TEXTS, UNREAD])
def test_every_text_can_be_read_and_has_no_stop(path: Path) -> None:
    for text in load_run_ons(path):
        assert read_document(text.text).sentences
        assert not any(word[-1] in ".!?" for word in text.text.split())
