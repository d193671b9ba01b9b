"""Every file of records tells each mistake by its line, and no word of a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotation.flag_sentences import load_flag_sentences
from annotation.hollow_texts import load_hollow_texts
from annotation.run_ons import load_run_ons
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import write_lines

Load = Callable[[Path], tuple[Any, ...]]
Record = dict[str, Any]

FLAGGED: Record = {
    "id": "F0001",
    "form": "ppn",
    "sentences": [
        {"text": "He had a secret axe.", "flags": [{"flag": "weapon", "assertion": "present"}]}
    ],
}
HOLLOW: Record = {"id": "H0001", "writer": "A", "kind": "policy", "text": "Follow secret policy."}
RUN_ON: Record = {
    "id": "R001",
    "writer": "A",
    "style": "small",
    "sentences": ["hi its a secret", "mum fell"],
}

MISTAKES: list[tuple[Load, Record, Record, str]] = [
    (load_flag_sentences, FLAGGED, {"id": "F0002", "form": "letter"}, "form"),
    (load_flag_sentences, FLAGGED, {"id": "1"}, "id"),
    (load_flag_sentences, FLAGGED, {"id": "F0002", "sentences": []}, "sentences"),
    (load_flag_sentences, FLAGGED, {"id": "F0002", "x": "y"}, "x"),
    (load_flag_sentences, FLAGGED, {}, "stands twice"),
    (load_hollow_texts, HOLLOW, {"id": "H0002", "kind": "secret"}, "kind"),
    (load_hollow_texts, HOLLOW, {"id": "1"}, "id"),
    (load_hollow_texts, HOLLOW, {"id": "H0002", "text": ""}, "text"),
    (load_hollow_texts, HOLLOW, {"id": "H0002", "x": "y"}, "x"),
    (load_hollow_texts, HOLLOW, {}, "stands twice"),
    (load_run_ons, RUN_ON, {"id": "R002", "style": "secret"}, "style"),
    (load_run_ons, RUN_ON, {"id": "1"}, "id"),
    (load_run_ons, RUN_ON, {"id": "R002", "sentences": ["a secret"]}, "sentences"),
    (load_run_ons, RUN_ON, {"id": "R002", "x": "y"}, "x"),
    (load_run_ons, RUN_ON, {}, "stands twice"),
]


@pytest.mark.parametrize(("load", "good", "wrong", "named"), MISTAKES)
def test_a_mistake_is_told_by_line_and_without_words(
    tmp_path: Path, load: Load, good: Record, wrong: Record, named: str
) -> None:
    assert len(load(write_lines(tmp_path, good))) == 1
    with pytest.raises(CorpusError, match=f"^records.jsonl, line 2: .*{named}") as told:
        load(write_lines(tmp_path, good, good | wrong))
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("load", "good"),
    [(load_flag_sentences, FLAGGED), (load_hollow_texts, HOLLOW), (load_run_ons, RUN_ON)],
)
def test_every_mistake_is_told_at_once(tmp_path: Path, load: Load, good: Record) -> None:
    path = write_lines(tmp_path, good, good, "{", good | {"id": "1", "x": "y"})
    with pytest.raises(CorpusError) as told:
        load(path)
    assert [line.partition(":")[0] for line in str(told.value).splitlines()] == [
        f"records.jsonl, line {number}" for number in (2, 3, 4, 4)
    ]


@pytest.mark.parametrize("load", [load_flag_sentences, load_hollow_texts, load_run_ons])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, load: Load) -> None:
    with pytest.raises(CorpusError, match=r"none\.jsonl: cannot be read"):
        load(tmp_path / "none.jsonl")
