"""Contacts for the demonstration are of train alone, and tell only what their texts tell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotation.corpus import load_first
from annotation.demonstration import DEMONSTRATION, SENDERS, DemonstrationContact, choose, write
from annotation.labels import LabelledContact
from nlp.domain import Element, Status


@pytest.fixture(scope="module")
def train() -> dict[str, LabelledContact]:
    return {each.id: each for each in load_first()}


@pytest.fixture(scope="module")
def chosen(train: dict[str, LabelledContact]) -> list[DemonstrationContact]:
    return list(choose(tuple(train.values()), seed=7))


def test_the_file_is_what_the_command_writes(
    chosen: list[DemonstrationContact], tmp_path: Path
) -> None:
    assert write(iter(chosen), tmp_path / "texts.jsonl") == len(chosen)
    assert (tmp_path / "texts.jsonl").read_bytes() == DEMONSTRATION.read_bytes()


def test_every_contact_is_one_of_train_and_stands_once(
    chosen: list[DemonstrationContact], train: dict[str, LabelledContact]
) -> None:
    assert len({each.id for each in chosen}) == len(chosen) > 100
    for each in chosen:
        assert train[each.id].text == each.text


def test_all_agencies_and_authors_are_there(chosen: list[DemonstrationContact]) -> None:
    senders = Counter(each.sender for each in chosen)
    assert senders == {name: sender.contacts for name, sender in SENDERS.items()}
    authors = Counter(each.id[:3] for each in chosen)
    assert len(authors) == 10
    assert min(authors.values()) >= 5


def test_no_referrer_is_of_the_family(chosen: list[DemonstrationContact]) -> None:
    referrers = {each.id: each.referrer_name for each in chosen if each.referrer_name}
    assert len(referrers) > 15
    assert referrers["TR60086"] == "Moira Dunn"
    for mother in ("TR50086", "TR90038"):
        assert mother not in referrers
    for each in chosen:
        family = {name.split()[-1] for name in each.people if name != each.referrer_name}
        assert not each.referrer_name or each.referrer_name.split()[-1] not in family


def test_a_child_s_fields_stand_in_the_text_as_they_are(
    chosen: list[DemonstrationContact],
) -> None:
    named = [each for each in chosen if each.child.surname]
    assert len(named) > 40
    for each in named:
        folded = each.text.lower()
        assert f"{each.child.forenames} {each.child.surname}".lower() in folded
        assert each.child.birth_written in each.text
        assert each.child.date_of_birth[:4] == each.child.birth_written[-4:]
        assert each.child.address in each.text


def test_planted_senders_get_the_texts_that_show_it(
    chosen: list[DemonstrationContact], train: dict[str, LabelledContact]
) -> None:
    for name, sender in SENDERS.items():
        if sender.planted:
            told = [train[each.id].status[sender.planted] for each in chosen if each.sender == name]
            assert told.count(Status.MISSING) == round(sender.missing * sender.contacts)
            assert Status.PARTLY not in told
    assert SENDERS["saltmere_hospital"].planted is Element.CONSENT
