"""Labels go to each tool and come back whole; what is wrong on the way back is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from annotation.__main__ import main
from annotation.corpus import load_corpus
from annotation.exchange.formats import FORMATS, export_records, import_contacts
from annotation.exchange.label_studio_project import PROJECT, write_project
from annotation.exchange.marks import label_set
from annotation.exchange.offsets import from_utf16, utf16_offsets
from annotation.records import to_record
from nlp.domain import Element
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_record
from tests.annotation.strategies import records

TOOLS = sorted(FORMATS)
EMOJI = make_record(
    text="😀 Tom was hit.\r\nPlease help.",
    spans=[
        {
            "start": 2,
            "end": 14,
            "elements": ["concern"],
            "flags": [{"flag": "physical_disclosure", "assertion": "present"}],
        },
        {"start": 16, "end": 28, "elements": ["requested_outcome"], "flags": []},
    ],
)
# The sentence before holds the emoji, so that every word belongs to one.
EMOJI["spans"][0]["start"] = 0


def back(record: dict[str, Any], tool: str, folder: Path) -> dict[str, Any]:
    path = folder / "out"
    export_records([record], tool, path)
    (contact,) = import_contacts(path, tool).contacts
    return to_record(contact)


def change(path: Path, edit: Any) -> None:
    tasks = json.loads(path.read_text(encoding="utf-8"))
    edit(tasks)
    path.write_text(json.dumps(tasks), encoding="utf-8")


@pytest.mark.parametrize("tool", TOOLS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(record=records())
def test_every_label_comes_back(tool: str, record: dict[str, Any], tmp_path: Path) -> None:
    assert back(record, tool, tmp_path) == record


def test_doccano_is_told_utf16_units_and_the_others_code_points(tmp_path: Path) -> None:
    ends = {}
    for tool in ("doccano", "prodigy", "label-studio"):
        task = FORMATS[tool].to_task(EMOJI)
        ends[tool] = {
            "doccano": lambda t: t["label"][0][1],
            "prodigy": lambda t: t["spans"][0]["end"],
            "label-studio": lambda t: t["annotations"][0]["result"][0]["value"]["end"],
        }[tool](task)
    assert ends == {"doccano": 15, "prodigy": 14, "label-studio": 14}


def test_a_place_of_an_older_label_studio_is_read_in_utf16_units(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    export_records([EMOJI], "label-studio", path)

    def as_older_versions_count(tasks: Any) -> None:
        for result in tasks[0]["annotations"][0]["result"]:
            value = result["value"]
            if value.get("start") == 16:
                value["start"], value["end"] = 17, 29
            elif "start" in value:
                value["end"] = 15

    change(path, as_older_versions_count)
    (contact,) = import_contacts(path, "label-studio").contacts
    assert to_record(contact) == EMOJI


def test_a_region_that_quotes_other_words_is_refused_without_its_words(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    export_records([EMOJI], "label-studio", path)
    change(path, lambda tasks: tasks[0]["data"].update(text="Ann is quite well today. Thanks."))
    with pytest.raises(CorpusError, match="task 1: the region from") as caught:
        import_contacts(path, "label-studio")
    assert "Tom" not in str(caught.value)
    assert "Ann" not in str(caught.value)


def test_one_person_of_several_is_chosen_and_passed_over_tasks_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    export_records([make_record(), make_record("AA10002")], "label-studio", path)

    def two_people(tasks: Any) -> None:
        mine = tasks[0]["annotations"][0]
        tasks[0]["annotations"] = [{**mine, "completed_by": who} for who in (4, 7)]
        tasks[1]["annotations"][0]["was_cancelled"] = True

    change(path, two_people)
    with pytest.raises(CorpusError, match=r"2 people answered \(4, 7\)"):
        import_contacts(path, "label-studio")
    imported = import_contacts(path, "label-studio", annotator="7")
    assert len(imported.contacts) == 1
    assert imported.left_out == 1


def test_a_question_left_open_is_told(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    export_records([make_record()], "label-studio", path)
    change(
        path,
        lambda tasks: tasks[0]["annotations"][0].update(
            result=[
                each
                for each in tasks[0]["annotations"][0]["result"]
                if each["from_name"] not in {"level", "status_consent"}
            ]
        ),
    )
    with pytest.raises(CorpusError, match="task 1: level: Field required"):
        import_contacts(path, "label-studio")


def test_a_mark_over_two_sentences_counts_for_both(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    record = make_record()
    export_records([record], "prodigy", path)
    task = json.loads(path.read_text())
    task["spans"].append({"start": 5, "end": 20, "label": "concern"})
    path.write_text(json.dumps(task) + "\n")
    (contact,) = import_contacts(path, "prodigy").contacts
    assert all(Element.CONCERN in sentence.elements for sentence in contact.sentences)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        pytest.param({"start": 12, "end": 13, "label": "concern"}, "in no sentence", id="outside"),
        pytest.param({"start": 0, "end": 12, "label": "PERSON"}, "of no label set", id="unknown"),
    ],
)
def test_a_mark_that_cannot_be_kept_is_told(
    span: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    export_records([make_record()], "prodigy", path)
    task = json.loads(path.read_text())
    task["spans"].append(span)
    path.write_text(json.dumps(task) + "\n")
    with pytest.raises(CorpusError, match=told):
        import_contacts(path, "prodigy")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_of_another_kind_is_refused(tool: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("Tom was hit.", encoding="utf-8")
    with pytest.raises(CorpusError, match=f"cannot be read as {tool} exports it") as caught:
        import_contacts(path, tool)
    assert "Tom" not in str(caught.value)


def test_an_offset_inside_a_character_is_refused() -> None:
    assert from_utf16(utf16_offsets("😀a"), 2) == 1
    with pytest.raises(CorpusError, match="in the middle of a character"):
        from_utf16(utf16_offsets("😀a"), 1)


def test_contacts_without_labels_go_out_with_sentences_alone(tmp_path: Path) -> None:
    fresh = {key: make_record()[key] for key in ("id", "form", "agency", "text")}
    source, out = tmp_path / "in.jsonl", tmp_path / "out.json"
    source.write_text(json.dumps(fresh) + "\n")
    arguments = ["export", "--to", "label-studio", "--blank", str(source), str(out)]
    assert main(arguments) == 0
    (task,) = json.loads(out.read_text())
    assert "annotations" not in task
    assert {each["from_name"] for each in task["predictions"][0]["result"]} == {"sentences"}
    quotes = [each["value"]["text"] for each in task["predictions"][0]["result"]]
    assert quotes == ["Tom was hit.", "Please help."]


def test_a_fresh_contact_with_a_mistake_is_told_without_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "AA1", "form": "letter", "agency": "school", "text": "Tom"}\n')
    assert main(["export", "--to", "label-studio", "--blank", str(source), "x"]) == 1
    assert "in.jsonl, line 1: form: Input should be" in capsys.readouterr().err


def test_export_says_what_the_tool_cannot_hold_and_import_writes_the_corpus_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, there, again = (tmp_path / name for name in ("in.jsonl", "there", "again.jsonl"))
    source.write_text(json.dumps(make_record()) + "\n")
    assert main(["export", "--to", "doccano", str(source), str(there)]) == 0
    assert "doccano holds labels of stretches only" in capsys.readouterr().out
    assert main(["import", "--from", "doccano", str(there), str(again)]) == 0
    assert load_corpus(again) == load_corpus(source)


def test_the_label_studio_project_is_current() -> None:
    assert PROJECT.read_text(encoding="utf-8") == write_project(), (
        "run python -m annotation label-studio-project"
    )


def test_the_project_asks_every_label_and_gives_no_key_twice() -> None:
    project = ET.fromstring(write_project())  # noqa: S314 (our own text)
    keys = [each.get("hotkey") for each in project.iter() if each.get("hotkey")]
    assert len(keys) == len(set(keys))
    task = FORMATS["label-studio"].to_task(
        make_record(form="ppn", ppn={"appropriate": False, "reasons": ["outside_scope"]})
        | {"level": 1}
    )
    controls = {each.get("name") for each in project.iter() if each.get("name")}
    assert {each["from_name"] for each in task["annotations"][0]["result"]} <= controls
    values = {each.get("value") for each in project.iter() if each.get("value")}
    assert {part for label in label_set() for part in label.split(":")} <= values
