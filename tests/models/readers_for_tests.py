"""Folders of small readers, and candidates whose gate is open or shut."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from models.artefact import Origin, save_reader
from models.gate_record import Compared, GateRecord, write_gate
from models.predict import RELEASED, load_reader
from models.tfidf import TfidfReader
from models.train import fit_tfidf
from models.whole import check_whole
from nlp.rules import load_rulebook
from tests.models.corpus_for_tests import make_config, make_contacts


@cache
def make_small_reader() -> TfidfReader:
    """The reader of `tests.models.conftest`, for tests of other folders."""
    return fit_tfidf(make_contacts(), make_config())


def save_whole(reader: TfidfReader, folder: Path) -> Path:
    """A folder of a whole reader that has no part but the linear one."""
    facts: dict[str, str | int] = {"contacts": 1, "fingerprint": "f00"}
    save_reader(reader, folder / "tfidf", Origin("name = 'small'\n", "A card.", facts))
    return folder


def copy_whole(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def give_verdict(
    candidate: Path, *, against: Path = RELEASED, reasons: tuple[str, ...] = ()
) -> GateRecord:
    """What `evaluation compare` leaves in a candidate's folder."""
    record = GateRecord(
        made="2026-11-26T12:00:00+00:00",
        opened=not reasons,
        reasons=reasons,
        unsure=(),
        candidate=Compared(name=load_reader(released=candidate).name, parts=check_whole(candidate)),
        against=Compared(name="in service", parts=check_whole(against)),
        locked="f00",
        contacts=120,
        rule="f00",
        rulebook=load_rulebook().version,
    )
    write_gate(record, candidate)
    return record


def damage(path: Path) -> None:
    """Change one byte."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
