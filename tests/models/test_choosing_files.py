"""A file of fresh contacts in, a batch to label out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from annotation.exchange.fresh import load_fresh
from models import __main__ as command
from models.choosing.committee import Single, load_committee
from models.choosing.config import ChoosingConfig, Weights
from models.choosing.files import Chosen, choose, load_pool, save_chosen, write_table
from models.predict import TFIDF
from models.tfidf import TfidfReader
from nlp.assessment import FlagFinding
from nlp.domain import LEVELS, Contact, Document, Form, Level, Status
from nlp.errors import ArtefactError, CorpusError
from nlp.reading import Reading
from tests.builders import make_reading
from tests.fakes import FakeReader
from tests.models.corpus_for_tests import make_contact, make_contacts

CERTAIN, UNCERTAIN = "She is well and happy.", "It is unclear what was seen."
CONFIG = ChoosingConfig(
    random_share=0, agency_power=0.5, weights=Weights(doubt=1, level_set=0, novelty=0)
)


@dataclass(frozen=True)
class DoubtingReader(FakeReader):
    """Is unsure of the level of what is unclear."""

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        even = dict.fromkeys(Level, 0.25)
        unclear = "unclear" in contact.text
        return make_reading(document, level=even, plausible=LEVELS) if unclear else make_reading()


def write_contacts(path: Path, texts: Sequence[str], **fields: Any) -> Path:
    plain = {"form": "referral", "agency": "school"}
    lines = (
        json.dumps({**plain, "id": f"LC1{number:03}", "text": text, **fields})
        for number, text in enumerate(texts)
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def choose_from(path: Path, *, most: int, config: ChoosingConfig = CONFIG) -> Chosen:
    committee = Single(DoubtingReader())
    return choose(load_pool(path), (), committee, config, most=most, seed=1)


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    return write_contacts(
        tmp_path / "in.jsonl", [CERTAIN, UNCERTAIN, "He came late again today, and was tired."]
    )


def test_the_uncertain_comes_first_with_codes_and_numbers_alone(contacts: Path) -> None:
    first, second = choose_from(contacts, most=2).records
    assert (first["id"], first["chosen"]["levels"]) == ("LC1001", 4)
    assert first["chosen"]["why"] == ["doubt"]
    assert first["chosen"]["doubt"] > second["chosen"]["doubt"]
    assert first["chosen"].keys() == {"why", "doubt", "levels", "novelty"}


def test_what_is_written_goes_to_labelling_tools_as_it_is(contacts: Path, tmp_path: Path) -> None:
    chosen = choose_from(contacts, most=2)
    save_chosen(chosen, tmp_path / "out.jsonl")
    (first, second) = load_fresh(tmp_path / "out.jsonl")
    assert [first["id"], second["id"]] == [record["id"] for record in chosen.records]
    assert "chosen" not in first
    assert first["spans"] == chosen.records[0]["spans"]


def test_a_text_that_stands_twice_is_chosen_once(tmp_path: Path) -> None:
    texts = [UNCERTAIN, CERTAIN, f"  {UNCERTAIN.upper()}\n"]
    chosen = choose_from(write_contacts(tmp_path / "in.jsonl", texts), most=5)
    assert sorted(record["id"] for record in chosen.records) == ["LC1000", "LC1001"]
    assert "stands twice: 1" in write_table(chosen)


def test_what_is_labelled_already_is_left_out(contacts: Path) -> None:
    labelled = replace(
        make_contact("TA1001", Form.REFERRAL, Level.EARLY_HELP, Status.MISSING), text=CERTAIN
    )
    pool = load_pool(contacts, [labelled])
    assert [record["id"] for record in pool.records] == ["LC1001", "LC1002"]


def test_the_table_tells_agencies_and_reasons_and_no_words(contacts: Path) -> None:
    half = CONFIG.model_copy(update={"random_share": 0.5})
    table = write_table(choose_from(contacts, most=2, config=half))
    assert "school                        3        2           1" in table
    assert "doubt 1" in table
    assert "random 1" in table
    assert "unclear" not in table


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"in\.jsonl: is empty"):
        load_pool(path)


def test_an_id_of_two_contacts_is_told(tmp_path: Path) -> None:
    path = write_contacts(tmp_path / "in.jsonl", [CERTAIN, UNCERTAIN], id="LC1000")
    with pytest.raises(CorpusError, match="1 ids stand on different texts"):
        load_pool(path)


def test_none_asked_for_is_told(contacts: Path) -> None:
    with pytest.raises(CorpusError, match="asked for 0"):
        choose_from(contacts, most=0)


def test_a_contact_without_words_is_told_by_its_id_alone(tmp_path: Path) -> None:
    path = write_contacts(tmp_path / "in.jsonl", ["..."], spans=[{"start": 0, "end": 3}])
    with pytest.raises(CorpusError, match="record LC1000: "):
        choose_from(path, most=1)


def test_the_command_writes_the_batch_and_says_where_there_are_no_more(
    contacts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "load_committee", lambda: Single(DoubtingReader()))
    monkeypatch.setattr(command, "load_train", make_contacts)
    output = tmp_path / "out.jsonl"
    assert command.main(["choose", str(contacts), "--most", "9", "--output", str(output)]) == 0
    assert len(load_fresh(output)) == 3
    told = capsys.readouterr().out
    assert "asked for 9: there are no more" in told
    assert "fake 1 alone: how unsure it is" in told


def test_the_command_fails_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "load_train", make_contacts)
    asked = ["choose", str(tmp_path / "none.jsonl"), "--most", "1", "--output", "out"]
    assert command.main(asked) == 1
    assert "none.jsonl: cannot be read" in capsys.readouterr().err


def test_without_a_transformer_the_linear_reader_doubts_alone(tmp_path: Path) -> None:
    (tmp_path / TFIDF.name).symlink_to(TFIDF)
    committee = load_committee(tmp_path)
    assert isinstance(committee, Single)
    assert isinstance(committee.reader, TfidfReader)


def test_without_any_reader_nobody_doubts(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="neither reader can be loaded"):
        load_committee(tmp_path)
