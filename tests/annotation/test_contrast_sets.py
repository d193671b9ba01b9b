"""Contacts in versions that differ in what decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotation.contrast_sets import families, load_contrasts
from annotation.splits import HELD_BACK
from nlp.domain import Level
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import write_lines


def record(id_: str, text: str, **other: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "form": "referral",
        "agency": "school",
        "role": "teacher",
        "text": text,
        "spans": [{"start": 0, "end": len(text), "elements": [], "flags": []}],
        "level": 2,
        "alt_level": None,
        "certainty": "clear",
        "urgency": "green",
        "domains": ["neglect"],
        "ppn": None,
        **other,
    }


def test_every_family_has_its_versions_together_and_something_that_decides() -> None:
    contacts = load_contrasts()
    known = families(contacts)
    assert len({family[0].id[:-1] for family in known}) == len(known)
    assert all(len(family) >= 3 for family in known)
    decided = [len({c.level for c in family}) > 1 for family in known]
    assert sum(decided) > 0.8 * len(decided)
    assert not {contact.author for contact in contacts} & HELD_BACK


def test_a_contrast_has_labels_of_the_whole_and_of_no_element(tmp_path: Path) -> None:
    (contact,) = load_contrasts(write_lines(tmp_path, record("CSA01A", "He came in hungry.")))
    assert contact.level is Level.EARLY_HELP
    assert contact.author == "CSA"
    assert not contact.status
    assert not contact.people


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (record("TRA0001", "He came."), "id"),
        (record("CSA01A", "He came.", level=5), "level"),
        (record("CSA01A", "He came.", alt_level=2), "alt_level"),
        (record("CSA01A", "He came.", form="ppn"), "ppn"),
    ],
)
def test_a_mistake_is_told_by_line_and_without_words(
    wrong: dict[str, Any], told: str, tmp_path: Path
) -> None:
    right = record("CSA01B", "She came.")
    with pytest.raises(CorpusError, match=f"line 2, record .*: {told}") as raised:
        load_contrasts(write_lines(tmp_path, right, wrong))
    assert "came" not in str(raised.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    twice = record("CSA01A", "He came."), record("CSA01A", "She came.")
    with pytest.raises(CorpusError, match="line 2, record CSA01A: id: stands twice"):
        load_contrasts(write_lines(tmp_path, *twice))
