"""Local labels are parted once, and what is locked is never learnt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from annotation.corpus import load_corpus, load_dev, save_corpus
from annotation.labels import LabelledContact
from models.__main__ import main
from models.local.splitting import (
    LOCKED,
    TRAIN,
    draw_locked,
    hash_text,
    load_labelled,
    load_local,
    load_locked,
    refuse_locked,
    split_local,
)
from nlp.domain import Agency, Level
from nlp.errors import CorpusError
from tests.evaluation.builders import make_labelled

AGENCIES = (Agency.SCHOOL, Agency.POLICE, Agency.HEALTH, Agency.HOUSING)


def make_contacts(count: int = 80, *, author: str = "LC1") -> tuple[LabelledContact, ...]:
    return tuple(
        make_labelled(
            number,
            author=author,
            sentences=(f"Contact {number} of {author}.", "She says she is scared."),
            agency=AGENCIES[number % 4],
            level=tuple(Level)[number // 4 % 4],
        )
        for number in range(count)
    )


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    split_local(make_contacts(), tmp_path / "local", share=0.25)
    return tmp_path / "local"


def test_every_contact_is_on_one_side(parted: Path) -> None:
    learnt, locked = load_local(parted), load_locked(parted)
    assert len(locked) == 20
    assert sorted(c.id for c in (*learnt, *locked)) == sorted(c.id for c in make_contacts())


def test_every_author_agency_and_level_gives_its_share(tmp_path: Path) -> None:
    known = (*make_contacts(), *make_contacts(author="LC2"))
    split_local(known, tmp_path, share=0.25)
    locked = load_locked(tmp_path)
    assert Counter(c.author for c in locked) == {"LC1": 20, "LC2": 20}
    assert set(Counter((c.author, c.agency) for c in locked).values()) == {5}
    assert min(Counter(c.level for c in locked).values()) >= 7


def test_the_draw_is_of_the_seed_and_not_of_the_order() -> None:
    known = make_contacts()
    one = draw_locked(known, share=0.4, seed=1)
    assert draw_locked(known[::-1], share=0.4, seed=1) == one
    assert draw_locked(known, share=0.4, seed=2) != one


def test_a_text_that_stands_twice_stays_on_one_side(tmp_path: Path) -> None:
    known = make_contacts(40)
    again = [replace(c, id=f"LC2{c.id[3:]}", author="LC2", text=c.text.upper()) for c in known]
    split_local([*known, *again], tmp_path, share=0.5)
    texts = [
        {hash_text(c.text) for c in part} for part in (load_local(tmp_path), load_locked(tmp_path))
    ]
    assert not texts[0] & texts[1]


def test_it_is_done_once(parted: Path) -> None:
    with pytest.raises(CorpusError, match="parted before"):
        split_local(make_contacts(), parted)


def test_too_few_to_part_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="label more"):
        split_local(make_contacts(1), tmp_path)


def test_dev_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="kept for measuring"):
        split_local([*make_contacts(), load_dev()[0]], tmp_path)


def test_an_altered_locked_part_is_refused(parted: Path) -> None:
    locked = load_corpus(parted / LOCKED)
    save_corpus(locked[1:], parted / LOCKED)
    with pytest.raises(CorpusError, match="is not what was locked"):
        load_local(parted)


def test_later_labels_are_learnt_beside_the_first(parted: Path) -> None:
    save_corpus(make_contacts(3, author="LC9"), parted / "december.jsonl")
    assert len(load_local(parted)) == 63


@pytest.mark.parametrize("by", ["id", "text"])
def test_a_locked_contact_is_not_learnt_by_another_way(parted: Path, by: str) -> None:
    locked = load_locked(parted)[0]
    other = make_contacts(1, author="LC9")[0]
    sly = replace(locked, id=other.id, author="LC9", text=locked.text.replace(" ", "  "))
    sly = (
        replace(sly, sentences=other.sentences[:1])
        if by == "text"
        else replace(other, id=locked.id)
    )
    with pytest.raises(CorpusError, match=r"1 contacts of the locked part \(first: LC"):
        refuse_locked([sly], load_locked(parted))


def test_a_locked_contact_put_among_the_labels_is_found(parted: Path) -> None:
    save_corpus(load_locked(parted)[:2], parted / "more.jsonl")
    with pytest.raises(CorpusError, match="2 contacts of the locked part"):
        load_local(parted)


def test_ids_of_two_files_must_differ(tmp_path: Path) -> None:
    for name in ("one.jsonl", "two.jsonl"):
        save_corpus(make_contacts(2), tmp_path / name)
    with pytest.raises(CorpusError, match="2 ids stand twice"):
        load_labelled(tmp_path)


@pytest.mark.parametrize("name", ["nothing", "nothing.jsonl"])
def test_nothing_to_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(CorpusError, match=name):
        load_labelled(tmp_path / name)


def test_a_folder_that_was_not_parted_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="python -m models split"):
        load_locked(tmp_path)


def test_the_command_parts_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_corpus(make_contacts(), tmp_path / "labelled.jsonl")
    parted = tmp_path / "parted"
    split = ["split", str(tmp_path / "labelled.jsonl"), "--output", str(parted), "--share", "0.5"]
    assert main(split) == 0
    assert capsys.readouterr().out == "40 contacts to learn from, 40 locked\n"
    assert len(load_corpus(parted / TRAIN)) == 40
    assert main(split) == 1
    assert "parted before" in capsys.readouterr().err
