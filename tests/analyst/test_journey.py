"""An analyst's whole way, from three hundred of a council's own contacts to a release and back.

Five authors of the training corpus stand in for the council and the other five for the corpus, so
that the reader in service at the start has learnt from nobody of the council's.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from annotation.__main__ import main as annotation
from annotation.comparison import group, measure_alphas
from annotation.corpus import load_corpus, load_first, save_corpus
from annotation.labels import LabelledContact
from api.assessor import Assessor
from api.intake.scoring import score
from api.silent.catching_up import catch_up
from api.silent.comparison import compare as compare_silent
from api.silent.reading import open_silent_reader
from api.store.opening import Store
from api.store.tables import Contact, Decision
from evaluation.__main__ import main as evaluation
from evaluation.comparing.rule import RULE
from models import predict
from models.__main__ import main as models
from models.choosing.committee import load_committee
from models.gate_record import GATE, GateRecord
from models.local.splitting import load_local, load_locked
from models.predict import load_reader
from models.release_history import read_history
from nlp.domain import Level
from tests.analyst.labelling import ANA, BOB, answer, save_pool, settle
from tests.api.silent.builders import decide_on
from tests.hub_builders import add_agency, add_contact

COUNCIL = frozenset({"TR3", "TR5", "TR8", "TR9", "TRA"})
RUN = Path(__file__).with_name("run.toml")
# What rules alone decide, so that a small reader passes it as well; all of the suite takes minutes.
BEHAVIOUR = ("--only", "other_person")


@pytest.fixture(scope="module")
def contacts() -> tuple[LabelledContact, ...]:
    return tuple(contact for contact in load_first() if contact.author in COUNCIL)


@pytest.mark.slow
def test_an_analyst_labels_retrains_compares_runs_silently_releases_and_rolls_back(
    contacts: tuple[LabelledContact, ...],
    sqlite_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = _set_out(tmp_path, monkeypatch)
    _label(at, contacts)
    _retrain(at, capsys)
    _open_the_gate(at, capsys)
    _run_silently(at, sqlite_store)
    _release(at, sqlite_store)
    _refuse_a_worse_one(at, capsys)
    _roll_back(at, sqlite_store)


def _set_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader in service is one that has learnt from the other five authors alone."""
    others = [contact for contact in load_first() if contact.author not in COUNCIL]
    save_corpus(others, folder / "corpus.jsonl")
    ours, shipped = str(folder / "corpus.jsonl"), folder / "shipped"
    assert models(["train", str(RUN), "--corpus", ours, "--output", str(shipped / "tfidf")]) == 0
    monkeypatch.setattr(predict, "RELEASED", shipped)
    monkeypatch.setattr("models.__main__.load_train", lambda: tuple(others))
    monkeypatch.setattr("models.__main__.load_committee", lambda: load_committee(shipped))
    return folder


def _label(at: Path, contacts: Sequence[LabelledContact]) -> None:
    """Choose, export, label twice, import, compare the two and settle what they dispute."""
    save_pool(contacts, at / "pool.jsonl")
    chosen, tasks, answers = at / "chosen.jsonl", at / "tasks.json", at / "answers.json"
    assert models(["choose", str(at / "pool.jsonl"), "--most", "360", "--output", str(chosen)]) == 0
    assert len(chosen.read_text(encoding="utf-8").splitlines()) == 360

    to_tool = ["export", "--to", "label-studio", "--blank", str(chosen), str(tasks)]
    assert annotation(to_tool) == 0
    slips = answer(tasks, contacts, answers, seed=6)

    for who, file in ((ANA, "ana.jsonl"), (BOB, "bob.jsonl")):
        back = ["import", "--from", "label-studio", "--annotator", who, str(answers)]
        assert annotation([*back, str(at / file)]) == 0
    ana, bob = load_corpus(at / "ana.jsonl"), load_corpus(at / "bob.jsonl")
    own = {contact.id: contact for contact in contacts}
    assert [own[contact.id] for contact in ana] == list(ana)  # nothing was lost on the way

    people = group({"ana": ana, "bob": bob})
    alphas = {a.question: a.alpha.value for a in measure_alphas(people, resamples=50)}
    assert 0.85 < alphas["level"] < 0.98
    assert alphas["urgency"] == 1.0
    _settle(at, slips)
    assert load_corpus(at / "settled.jsonl") == ana


def _settle(at: Path, slips: int) -> None:
    """The adjudicator has the queue of both, and takes the first's answers."""
    files, queue = [str(at / "ana.jsonl"), str(at / "bob.jsonl")], at / "queue"
    assert annotation(["adjudicate", "queue", *files, "--output", str(queue)]) == 0
    disputed = (queue / "disputes.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum('"question": "level"' in line for line in disputed) == slips > 20
    settle(queue, at / "decided.json", as_said="ana")
    close = ["adjudicate", "close", str(queue), str(at / "decided.json")]
    assert annotation([*close, "--output", str(at / "settled.jsonl")]) == 0


def _retrain(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Part the labels, be stopped from learning what is locked, then learn."""
    local, candidate = at / "local", at / "candidate"
    assert models(["split", str(at / "settled.jsonl"), "--output", str(local)]) == 0
    assert (len(load_local(local)), len(load_locked(local))) == (216, 144)
    train = ["train", str(RUN), "--local", str(local), "--output", str(candidate)]

    save_corpus(load_locked(local)[:3], local / "by_mistake.jsonl")
    capsys.readouterr()
    assert models(train) == 1
    assert "3 contacts of the locked part" in capsys.readouterr().err
    (local / "by_mistake.jsonl").unlink()

    assert models(train) == 0
    assert load_reader(released=candidate).name.startswith("tfidf small+local.")


def _open_the_gate(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not released before it is compared, nor after a part of the suite, save by a laxer rule."""
    candidate, readers = at / "candidate", at / "readers"
    release = ["release", str(candidate), "--readers", str(readers), "--why", "in haste"]
    assert models(release) == 1
    assert "has not been compared" in capsys.readouterr().err

    compare = ["compare", str(candidate), "--on", str(at / "local"), *BEHAVIOUR]
    assert evaluation(compare) == 1
    assert models(release) == 1
    assert "the behavioural suite was run in part" in capsys.readouterr().err

    rule = at / "rule.toml"
    words = RULE.read_text(encoding="utf-8").replace("whole = true", "whole = false")
    rule.write_text(words, encoding="utf-8")
    assert evaluation([*compare, "--rule", str(rule)]) == 0
    record = GateRecord.model_validate_json((candidate / GATE).read_bytes())
    assert record.opened
    assert record.contacts == 144
    assert record.against.name == "tfidf small"
    told = capsys.readouterr().out
    assert re.search(r"Element status, macro-F1 .* better\n", told)
    assert "child protection" in (candidate / "comparison.html").read_text().lower()


def _run_silently(at: Path, store: Store) -> None:
    """It reads beside the one in service; it is compared with decisions, and not shown."""
    served = Assessor.load(readers_folder=str(at / "readers"))
    silent = open_silent_reader(at / "candidate", served)
    asked = load_locked(at / "local")[:24]
    kept = {_send(store, contact): contact for contact in asked}
    for contact_id in kept:
        assert score(store, contact_id, assessor=served)
    assert catch_up(store, silent, quiet=True).read == 24
    for contact_id, contact in kept.items():
        notice = contact.notification
        said = None if notice is None else not notice.appropriate
        decide_on(store, contact_id, contact.level, inappropriate=said)
    assert {_read_by(store, contact_id) for contact_id in kept} == {"tfidf small"}

    with store.reading() as session:
        found = compare_silent(session, silent.name)
        unsigned = select(func.count()).where(Decision.needs_sign_off)
        waiting = session.scalar(unsigned) or 0
    protection = sum(contact.level is Level.CHILD_PROTECTION for contact in asked)
    assert (found.seen.read, found.seen.decided) == (24, 24 - waiting)
    assert found.seen.decided >= 20
    assert found.in_service_names == ("tfidf small",)
    assert 0 < found.silent.read_lower.of <= protection
    assert not found.verdict.enough
    assert found.verdict.lacking


def _release(at: Path, store: Store) -> None:
    """It serves from the next start, and what it reads says so."""
    readers = ["--readers", str(at / "readers")]
    assert models(["release", str(at / "candidate"), *readers, "--why", "better on our own"]) == 0
    (entry,) = read_history(at / "readers").entries
    assert (entry.version, entry.why) == (1, "better on our own")
    assert _answers(at, store) == entry.reader == load_reader(released=at / "candidate").name


def _refuse_a_worse_one(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What served before is now a candidate like any other, and worse."""
    worse, readers = at / "worse", str(at / "readers")
    shutil.copytree(at / "shipped", worse)
    compare = ["compare", str(worse), "--against", readers, "--on", str(at / "local"), *BEHAVIOUR]
    assert evaluation([*compare, "--rule", str(at / "rule.toml")]) == 1
    assert "refused: all contacts (144), Element status, macro-F1" in capsys.readouterr().out
    assert models(["release", str(worse), "--readers", readers, "--why", "in haste"]) == 1
    assert "the gate refused it: " in capsys.readouterr().err
    assert len(read_history(at / "readers").entries) == 1


def _roll_back(at: Path, store: Store) -> None:
    """One command, and the reader from before answers; the history keeps both."""
    assert models(["rollback", "--readers", str(at / "readers"), "--why", "a trial"]) == 0
    assert _answers(at, store) == "tfidf small"
    acts = [(entry.act.value, entry.version) for entry in read_history(at / "readers").entries]
    assert acts == [("released", 1), ("rolled_back", 0)]


def _answers(at: Path, store: Store) -> str:
    """Who reads a new contact after the service has started again."""
    contact_id = _send(store, load_locked(at / "local")[-1])
    assert score(store, contact_id, assessor=Assessor.load(readers_folder=str(at / "readers")))
    return _read_by(store, contact_id)


def _send(store: Store, contact: LabelledContact) -> str:
    agency_id = add_agency(store, contact.agency.value, kind=contact.agency)
    return add_contact(store, contact.text, form=contact.form, agency_id=agency_id)


def _read_by(store: Store, contact_id: str) -> str:
    with store.reading() as session:
        (stored,) = session.get_one(Contact, contact_id).assessments
        return stored.reader
