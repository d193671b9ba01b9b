"""The sentences that the transformer is taught for their wording."""

from __future__ import annotations

from pathlib import Path

from annotation.flag_sentences import fingerprint_texts, load_flag_sentences
from nlp.domain import Assertion, SafetyFlag
from tests.annotation.records_for_tests import write_lines


def record(name: str, *sentences: str) -> dict[str, object]:
    flag = {"flag": "weapon", "assertion": "present"}
    told = [{"text": words, "flags": [flag]} for words in sentences]
    return {"id": name, "form": "ppn", "sentences": told}


def test_every_flag_is_shown_present_and_otherwise() -> None:
    texts = load_flag_sentences()
    shown = {(m.flag, m.assertion) for text in texts for s in text.sentences for m in s.flags}
    assert {flag for flag, assertion in shown if assertion is Assertion.PRESENT} == set(SafetyFlag)
    assert {assertion for _, assertion in shown} == set(Assertion)
    assert len({text.text for text in texts}) == len(texts) > 2000


def test_sentences_run_on_after_a_stop_and_else_take_a_line(tmp_path: Path) -> None:
    (text,) = load_flag_sentences(write_lines(tmp_path, record("F0001", "He came.", "axe", "Gone")))
    assert text.text == "He came. axe\nGone"
    assert [text.text[s.start : s.end] for s in text.sentences] == ["He came.", "axe", "Gone"]
    assert text.sentences[0].flags[0].flag is SafetyFlag.WEAPON


def test_the_fingerprint_changes_with_a_flag_and_not_with_the_order(tmp_path: Path) -> None:
    one, two = load_flag_sentences(
        write_lines(tmp_path, record("F0001", "a"), record("F0002", "b"))
    )
    assert fingerprint_texts([one, two]) == fingerprint_texts([two, one])
    changed = load_flag_sentences(write_lines(tmp_path, record("F0001", "a"), record("F0002", "c")))
    assert fingerprint_texts(changed) != fingerprint_texts([one, two])
