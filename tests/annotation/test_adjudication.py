"""What annotators dispute is queued, decided and closed, and nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from annotation.__main__ import main
from annotation.adjudication import close_queue, open_queue, write_closing
from annotation.comparison import group
from annotation.corpus import load_corpus
from annotation.labels import LabelledContact
from annotation.records import parse_record, to_record
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_contact as make
from tests.annotation.records_for_tests import make_record
from tests.annotation.strategies import pairs

FLAG = [{"flag": "weapon", "assertion": "present"}]


def flagged() -> list[dict[str, Any]]:
    first, second = make_record()["spans"]
    return [first | {"flags": FLAG}, second]


def queue(folder: Path, **files: Sequence[LabelledContact]) -> Path:
    open_queue(group(files), folder / "queue")
    return folder / "queue"


def export(folder: Path, chosen: Mapping[str, str], **edits: Any) -> Path:
    """What Label Studio exports once *chosen* annotators' answers were taken, by contact."""
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    done = []
    for number, task in enumerate(tasks):
        said = {each["model_version"]: each["result"] for each in task["predictions"]}
        who = chosen.get(task["data"]["id"])
        annotations = [{"completed_by": 7, "result": said[who]} | edits] if who else []
        done.append({"id": number, **task, "annotations": annotations})
    path = folder / "export.json"
    path.write_text(json.dumps(done), encoding="utf-8")
    return path


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pair=pairs())
def test_whoever_is_taken_comes_back_whole(
    pair: tuple[dict[str, Any], dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ours, theirs = (parse_record(each)[0] for each in pair)
    assert ours is not None
    assert theirs is not None
    folder = queue(tmp_path_factory.mktemp("q"), ann=[ours], bob=[theirs])
    closed = close_queue(folder, export(folder, {ours.id: "bob"}))
    (final,) = closed.contacts
    alike = not json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert to_record(final) == pair[0 if alike else 1]
    assert all("bob" in each.agrees_with for each in closed.decisions)


def test_the_queue_holds_both_answers_the_gravest_first_and_no_words_in_its_list(
    tmp_path: Path,
) -> None:
    ann = [make(), make("AA10002"), make("AA10003"), make("AA10004")]
    bob = [make(), make("AA10002", urgency="green"), make("AA10003", spans=flagged())]
    folder = queue(tmp_path, ann=ann, bob=[*bob, make("AA10004", level=4)])
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert [task["data"]["id"] for task in tasks] == ["AA10004", "AA10003", "AA10002"]
    assert [each["model_version"] for each in tasks[0]["predictions"]] == ["ann", "bob"]
    assert tasks[0]["data"]["in_dispute"] == "level: ann child_in_need, bob child_protection"
    assert "$in_dispute" in (folder / "project.xml").read_text(encoding="utf-8")
    listed = (folder / "disputes.jsonl").read_text(encoding="utf-8")
    assert "Tom" not in listed
    assert "weapon:present" in listed


def test_a_critical_element_missing_for_one_and_met_for_another_comes_before_a_lesser_level(
    tmp_path: Path,
) -> None:
    first, second = make_record()["spans"]
    without = {"spans": [first | {"elements": []}, second]}
    missing = make("AA10002", **without, status=make_record()["status"] | {"concern": 0})
    lower = make("AA10001", level=1)
    folder = queue(
        tmp_path,
        ann=[make("AA10001", alt_level=None, level=2), make("AA10002")],
        bob=[lower, missing],
    )
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert [task["data"]["id"] for task in tasks] == ["AA10002", "AA10001"]


def test_undisputed_contacts_pass_and_those_labelled_once_are_kept(tmp_path: Path) -> None:
    alone = make("AA10009")
    folder = queue(tmp_path, ann=[make(), alone], bob=[make(level=4)])
    closed = close_queue(folder, export(folder, {"AA10001": "bob"}))
    assert closed.contacts == (make(level=4), alone)
    (decision,) = closed.decisions
    assert (decision.question, decision.by, decision.agrees_with) == ("level", "7", ("bob",))


def test_what_nobody_decided_is_listed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = make("AA10002", spans=flagged())
    folder = queue(tmp_path, ann=[make(), make("AA10002")], bob=[make(level=4), second])
    path, out = export(folder, {"AA10001": "ann"}), tmp_path / "final.jsonl"
    assert main(["adjudicate", "close", str(folder), str(path), "--output", str(out)]) == 1
    said = capsys.readouterr().err
    assert "1 disputes on 1 contacts are not decided" in said
    assert "AA10002  weapon:present at 0 to 12" in said
    assert "Tom" not in said
    assert not out.exists()
    assert not (folder / "decisions.jsonl").exists()


def test_it_is_kept_where_the_adjudicator_agrees_with_neither_or_changes_what_was_agreed(
    tmp_path: Path,
) -> None:
    folder = queue(tmp_path, ann=[make()], bob=[make(level=1)])
    decided = tmp_path / "decided.jsonl"
    decided.write_text(json.dumps(make_record(level=4, urgency="red")) + "\n")
    closed = close_queue(folder, decided, by="Kit")
    assert closed.contacts == (make(level=4, urgency="red"),)
    level, urgency = closed.decisions
    assert (level.question, level.decided, level.agrees_with) == ("level", "child_protection", ())
    assert level.disputed
    assert (urgency.question, urgency.agrees_with, urgency.disputed) == ("urgency", (), False)
    lines = (folder / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["by"] for line in lines] == ["Kit", "Kit"]
    said = write_closing(closed)
    assert "1 disputes decided by Kit (1)" in said
    assert "agreed with neither on 1" in said
    assert "1 labels changed that nobody disputed" in said


def test_sentences_cut_otherwise_are_in_dispute(tmp_path: Path) -> None:
    span = {"start": 0, "end": 25, "elements": ["concern", "requested_outcome"], "flags": []}
    folder = queue(tmp_path, ann=[make()], bob=[make(spans=[span])])
    closed = close_queue(folder, export(folder, {"AA10001": "bob"}))
    assert closed.contacts == (make(spans=[span]),)


def test_an_alternative_level_is_in_dispute_too(tmp_path: Path) -> None:
    folder = queue(tmp_path, ann=[make()], bob=[make(alt_level=4)])
    with pytest.raises(CorpusError, match="alternative level"):
        close_queue(folder, export(folder, {}))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        pytest.param(make_record("AA10008"), "not in this queue", id="another contact"),
        pytest.param(make_record(text="Tim was hit. Please help."), "another text", id="text"),
    ],
)
def test_what_does_not_fit_the_queue_is_refused(
    record: dict[str, Any], said: str, tmp_path: Path
) -> None:
    folder = queue(tmp_path, ann=[make()], bob=[make(level=4)])
    decided = tmp_path / "decided.jsonl"
    decided.write_text(json.dumps(record) + "\n")
    with pytest.raises(CorpusError, match=said) as caught:
        close_queue(folder, decided, by="Kit")
    assert "hit" not in str(caught.value)


def test_who_decided_must_be_known_and_a_half_done_annotation_is_told(tmp_path: Path) -> None:
    folder = queue(tmp_path, ann=[make()], bob=[make(level=4)])
    decided = tmp_path / "decided.jsonl"
    decided.write_text(json.dumps(make_record()) + "\n")
    with pytest.raises(CorpusError, match="--by"):
        close_queue(folder, decided)
    path = export(folder, {"AA10001": "ann"}, result=[])
    with pytest.raises(CorpusError, match=r"AA10001: level: Field required"):
        close_queue(folder, path)


def test_a_contact_decided_twice_or_a_folder_used_twice_is_refused(tmp_path: Path) -> None:
    folder = queue(tmp_path, ann=[make()], bob=[make(level=4)])
    path = export(folder, {"AA10001": "ann"})
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([task, task]))
    with pytest.raises(CorpusError, match="decided twice"):
        close_queue(folder, path)
    with pytest.raises(CorpusError, match="holds a queue already"):
        queue(tmp_path, ann=[make()], bob=[make(level=4)])
    with pytest.raises(CorpusError, match="holds no queue"):
        close_queue(tmp_path / "elsewhere", path)


def test_the_commands_queue_and_close(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "ann.jsonl", tmp_path / "bob.jsonl"]
    for path, level in zip(files, (3, 4), strict=True):
        path.write_text(json.dumps(make_record(level=level)) + "\n")
    folder, out = tmp_path / "queue", tmp_path / "final.jsonl"
    assert main(["adjudicate", "queue", *map(str, files), "--output", str(folder)]) == 0
    assert "1 disputes on 1 contacts written to queue" in capsys.readouterr().out
    path = export(folder, {"AA10001": "bob"})
    assert main(["adjudicate", "close", str(folder), str(path), "--output", str(out)]) == 0
    assert "agreed with bob on 1" in capsys.readouterr().out
    (final,) = load_corpus(out)
    assert to_record(final) == make_record(level=4)
