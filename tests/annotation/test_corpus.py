from pathlib import Path
from typing import Any

import pytest

from annotation.__main__ import main
from annotation.corpus import (
    CORPUS,
    fingerprint,
    load_corpus,
    load_dev,
    load_first,
    load_later,
    load_train,
    load_twice_labelled,
    load_unread,
    load_unread_second,
    read_twice_labelled,
)
from annotation.records import parse_record, to_record
from annotation.splits import HELD_BACK
from nlp.domain import Element, Level, Status
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_record, write_lines

BLANK_SENTENCE = {"start": 12, "end": 13, "elements": [], "flags": []}


def test_train_and_dev_are_whole_and_by_different_authors() -> None:
    train, dev, unread = load_train(), load_dev(), load_unread()
    assert (len(train), len(dev), len(unread)) == (4218, 80, 345)
    measured = {contact.author for contact in (*dev, *unread)}
    assert len({contact.author for contact in train}) == 78
    assert measured < HELD_BACK
    assert measured.isdisjoint(contact.author for contact in train)


def test_what_readers_learn_is_the_first_and_the_later_contacts() -> None:
    assert load_train() == (*load_first(), *load_later())
    assert {c.author for c in load_first()}.isdisjoint(c.author for c in load_later())


def test_a_second_annotator_labelled_sentences_of_the_later_contacts() -> None:
    later = {contact.id: contact for contact in load_later()}
    second = load_corpus(CORPUS / "later_second.jsonl")
    assert len(second) == 407
    assert {contact.author for contact in second} == {c.author for c in later.values()}
    assert all(contact.text == later[contact.id].text for contact in second)


def test_a_second_annotator_labelled_the_sentences_of_all_unread_contacts() -> None:
    unread, second = load_unread(), load_unread_second()
    assert [(c.id, c.text, c.people) for c in second] == [(c.id, c.text, c.people) for c in unread]
    places = [[(s.start, s.end) for s in c.sentences] for c in unread]
    assert [[(s.start, s.end) for s in c.sentences] for c in second] == places
    assert any(own.status != other.status for own, other in zip(unread, second, strict=True))


def test_a_record_becomes_a_labelled_contact(tmp_path: Path) -> None:
    (contact,) = load_corpus(write_lines(tmp_path, make_record()))
    assert contact.author == "AA1"
    assert contact.level is Level.CHILD_IN_NEED
    assert contact.status[Element.CONCERN] is Status.MET
    assert contact.sentences[1].elements == {Element.REQUESTED_OUTCOME}


def test_a_contact_goes_back_to_its_record() -> None:
    contact, mistakes = parse_record(make_record())
    assert mistakes == ()
    assert contact is not None
    assert to_record(contact) == make_record()


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        pytest.param({"form": "letter"}, "form: Input should be", id="unknown code"),
        pytest.param({"level": 5}, "level: Input should be less", id="no such level"),
        pytest.param({"extra": 1}, "extra: Extra inputs", id="unknown field"),
        pytest.param({"alt_level": 3}, "alt_level: is the level itself", id="same level twice"),
        pytest.param({"form": "ppn"}, "ppn: is null on a PPN", id="PPN without labels"),
        pytest.param(
            {"ppn": {"appropriate": True, "reasons": []}},
            "ppn: must be null on a referral",
            id="referral with PPN labels",
        ),
        pytest.param(
            {"form": "ppn", "ppn": {"appropriate": False, "reasons": []}},
            "ppn.reasons: an inappropriate PPN has one",
            id="inappropriate without reason",
        ),
        pytest.param(
            {"form": "ppn", "ppn": {"appropriate": False, "reasons": ["outside_scope"]}},
            "ppn.appropriate: level 3 or 4",
            id="inappropriate at level 3",
        ),
        pytest.param({"domains": ["neglect"] * 2}, "domains: a code stands twice", id="twice"),
        pytest.param(
            {"status": make_record()["status"] | {"consent": 1}},
            "status.consent: is not missing, yet",
            id="status without evidence",
        ),
        pytest.param(
            {"status": make_record()["status"] | {"concern": 0}},
            "status.concern: is missing, yet",
            id="evidence without status",
        ),
        pytest.param(
            {"status": {"concern": 2}}, "status.consent: is missing; give", id="no status"
        ),
        pytest.param(
            {"spans": make_record()["spans"][1:]}, "spans.0: words before it", id="words unlabelled"
        ),
        pytest.param(
            {"spans": make_record()["spans"][:1]}, "spans.0: words after it", id="end unlabelled"
        ),
        pytest.param(
            {"spans": make_record()["spans"][::-1]}, "spans.1: starts before", id="out of order"
        ),
        pytest.param(
            {"spans": [*make_record()["spans"], {**BLANK_SENTENCE, "start": 25, "end": 99}]},
            "spans.2: must lie inside",
            id="beyond the text",
        ),
        pytest.param(
            {"spans": [make_record()["spans"][0], BLANK_SENTENCE, make_record()["spans"][1]]},
            "spans.1: holds no words",
            id="blank sentence",
        ),
    ],
)
def test_a_mistake_is_told(change: dict[str, Any], mistake: str) -> None:
    contact, mistakes = parse_record(make_record(**change))
    assert contact is None
    assert any(told.startswith(mistake) for told in mistakes), mistakes


def test_every_mistake_of_every_record_is_told_at_once_without_words_of_a_contact(
    tmp_path: Path,
) -> None:
    path = write_lines(
        tmp_path,
        make_record(),
        "{not json",
        make_record(name="AA10002", level=9, urgency="Tom was hit"),
        make_record(name="AA10003", alt_level=3),
        make_record(),
    )
    with pytest.raises(CorpusError) as caught:
        load_corpus(path)
    told = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in told] == [
        "records.jsonl, line 2",
        "records.jsonl, line 3, record AA10002",
        "records.jsonl, line 3, record AA10002",
        "records.jsonl, line 4, record AA10003",
        "records.jsonl, line 5, record AA10001",
    ]
    assert "Tom" not in str(caught.value)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone\.jsonl: cannot be read"):
        load_corpus(tmp_path / "gone.jsonl")


def test_an_id_unfit_to_show_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="record without id"):
        load_corpus(write_lines(tmp_path, make_record(name="Tom was hit")))


def test_fingerprint_ignores_order_and_notices_a_label(tmp_path: Path) -> None:
    one, two = make_record(), make_record(name="AA10002")
    first = fingerprint(load_corpus(write_lines(tmp_path, one, two)))
    assert fingerprint(load_corpus(write_lines(tmp_path, two, one))) == first
    assert fingerprint(load_corpus(write_lines(tmp_path, one, two | {"level": 4}))) != first


def test_both_annotators_are_read_beside_the_adjudicated_label() -> None:
    twice = load_twice_labelled()
    assert len(twice) == 80
    assert all(each.author.text == each.second.text == each.adjudicated.text for each in twice)
    assert any(each.author.level is not each.second.level for each in twice)


def labels(record: dict[str, Any]) -> dict[str, Any]:
    kept = {"status", "level", "alt_level", "certainty", "urgency", "domains", "ppn"}
    marks = [{"elements": s["elements"], "flags": s["flags"]} for s in record["spans"]]
    return {key: record[key] for key in kept} | {"spans": marks}


def test_annotators_of_other_contacts_are_refused(tmp_path: Path) -> None:
    final = write_lines(tmp_path, make_record())
    other = {"id": "AA10009", "author": labels(make_record()), "second": labels(make_record())}
    with pytest.raises(CorpusError, match="its ids are not those of records"):
        read_twice_labelled(final, write_lines(tmp_path, other, name="both.jsonl"))


def test_annotators_of_other_sentences_are_refused(tmp_path: Path) -> None:
    final = write_lines(tmp_path, make_record())
    short = labels(make_record()) | {"spans": []}
    both = {"id": "AA10001", "author": short, "second": labels(make_record())}
    with pytest.raises(CorpusError, match="line 1: has another number of sentences"):
        read_twice_labelled(final, write_lines(tmp_path, both, name="both.jsonl"))


def test_check_prints_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_lines(tmp_path, make_record()))]) == 0
    assert "records.jsonl: 1 contacts, 2 sentences, 1 authors" in capsys.readouterr().out


def test_check_fails_on_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_lines(tmp_path, make_record(level=7)))]) == 1
    assert "line 1, record AA10001: level" in capsys.readouterr().err
