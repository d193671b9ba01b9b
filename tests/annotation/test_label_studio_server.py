"""Our project and tasks on a real Label Studio, where there is one.

Set RQ_TEST_LABEL_STUDIO to the program `label-studio` of an environment of its own (it asks for
hundreds of packages, which are none of ours); without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from annotation.adjudication import close_queue, open_queue
from annotation.comparison import group
from annotation.corpus import load_corpus, load_train, save_corpus
from annotation.exchange.formats import export_records, import_contacts
from annotation.exchange.label_studio_project import write_project
from annotation.records import parse_record, to_record
from tests.annotation.records_for_tests import make_record

PROGRAM = os.environ.get("RQ_TEST_LABEL_STUDIO", "")
TOKEN = "0123456789abcdef0123456789abcdef01234567"  # noqa: S105 (of this test alone)
STARTS_WITHIN = 300  # seconds: it migrates a database first

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="RQ_TEST_LABEL_STUDIO names no Label Studio"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Label Studio of this test's own, on loopback."""
    folder = tmp_path_factory.mktemp("label-studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
    }
    command = [PROGRAM, "start", "--no-browser", "--internal-host", "127.0.0.1"]
    command += ["--port", str(port), "--user-token", TOKEN]
    command += ["--username", "analyst@council.example", "--password", "only-for-this-test"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            urlopen(f"{address}/health", timeout=5).close()  # noqa: S310 (loopback)
        except (URLError, OSError):
            time.sleep(2)
        else:
            return
    pytest.fail("Label Studio did not start")


def ask(address: str, path: str, content: Any = None) -> Any:
    body = None if content is None else json.dumps(content).encode()
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    request = Request(address + path, data=body, headers=headers)  # noqa: S310 (loopback)
    with urlopen(request, timeout=60) as answer:  # noqa: S310 (loopback)
        return json.loads(answer.read())


def test_labels_come_back_whole_from_a_real_server(server: str, tmp_path: Path) -> None:
    text = "😀 Tom was hit.\r\nPlease  help 👨‍👩‍👧."
    half = text.index("\r\n")
    spans = [
        make_record()["spans"][0] | {"start": 0, "end": half},
        make_record()["spans"][1] | {"start": half + 2, "end": len(text)},
    ]
    records = [make_record(text=text, spans=spans)]
    records += [to_record(contact) for contact in load_train()[:10]]
    tasks, answer = tmp_path / "tasks.json", tmp_path / "answer.json"
    export_records(records, "label-studio", tasks)

    project = ask(server, "/api/projects", {"title": "Contacts", "label_config": write_project()})[
        "id"
    ]
    taken = ask(server, f"/api/projects/{project}/import", json.loads(tasks.read_text("utf-8")))
    assert taken["annotation_count"] == len(records)
    exported = ask(server, f"/api/projects/{project}/export?exportType=JSON")
    answer.write_text(json.dumps(exported), encoding="utf-8")

    save_corpus(import_contacts(answer, "label-studio").contacts, tmp_path / "again.jsonl")
    again = {each.id: to_record(each) for each in load_corpus(tmp_path / "again.jsonl")}
    assert again == {record["id"]: record for record in records}


def test_a_dispute_is_settled_on_a_real_server_from_one_of_the_answers(
    server: str, tmp_path: Path
) -> None:
    ours = list(load_train()[:5])
    text = "😀 Tom was hit. Please help 👨‍👩‍👧."
    half = text.index(" Please")
    spans = [
        make_record()["spans"][0] | {"start": 0, "end": half},
        make_record()["spans"][1] | {"start": half + 1, "end": len(text)},
    ]
    answers = [parse_record(make_record(text=text, spans=spans, level=n))[0] for n in (3, 4)]
    assert answers[0] is not None
    assert answers[1] is not None
    people = group({"ann": [*ours, answers[0]], "bob": [*ours, answers[1]]})
    folder = tmp_path / "queue"
    open_queue(people, folder)

    interface = (folder / "project.xml").read_text("utf-8")
    made = ask(server, "/api/projects", {"title": "Disputes", "label_config": interface})
    project = made["id"]
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    taken = ask(server, f"/api/projects/{project}/import", tasks)
    assert (taken["task_count"], taken["prediction_count"]) == (1, 2)
    (task,) = ask(server, f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
    chosen = next(p for p in tasks[0]["predictions"] if p["model_version"] == "bob")
    ask(server, f"/api/tasks/{task['id']}/annotations", {"result": chosen["result"]})
    exported = ask(server, f"/api/projects/{project}/export?exportType=JSON")
    path = tmp_path / "export.json"
    path.write_text(json.dumps(exported), encoding="utf-8")

    closed = close_queue(folder, path)
    assert closed.contacts == (*ours, answers[1])
    assert [each.agrees_with for each in closed.decisions] == [("bob",)]
