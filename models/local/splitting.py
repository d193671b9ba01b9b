"""Part a council's labelled contacts once: some to learn from, the rest locked for the test.

A folder holds ``train.jsonl``, ``locked.jsonl`` and ``split.json``, which says how they were drawn
and seals the locked part. What is labelled later is put beside them, as further ``.jsonl`` files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from annotation.corpus import fingerprint, load_corpus, save_corpus
from annotation.labels import LabelledContact
from annotation.splits import refuse_held_back
from models.sealing import hash_content
from nlp.domain import LEVELS
from nlp.errors import CorpusError

TRAIN, LOCKED, SPLIT = "train.jsonl", "locked.jsonl", "split.json"
FORMAT = 1
SEED = 20261126
SHARE = 0.4
"""How much is locked: of 300 contacts 120, some 25 of them at child protection. With fewer, a
comparison can say little of the level that matters most."""

Contacts = tuple[LabelledContact, ...]


class Split(BaseModel):
    """How a folder was parted; ``locked`` is the fingerprint of the locked part."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    seed: int
    share: float
    train_contacts: int
    locked_contacts: int
    locked: str


def split_local(
    contacts: Sequence[LabelledContact], folder: Path, *, share: float = SHARE, seed: int = SEED
) -> Split:
    """Part *contacts* and write both parts and the seal to *folder*.

    Raises:
        CorpusError: If *folder* was parted before, a part would be empty, or a contact of the dev
            split is among them.
    """
    if (folder / SPLIT).exists():
        raise CorpusError(
            f"{folder.name} was parted before, and a second drawing would teach what is locked; "
            f"put new labels beside {TRAIN} as a .jsonl file, or part them into another folder"
        )
    refuse_held_back(contacts)
    drawn = draw_locked(contacts, share=share, seed=seed)
    train = [contact for contact in contacts if hash_text(contact.text) not in drawn]
    locked = [contact for contact in contacts if hash_text(contact.text) in drawn]
    if not train or not locked:
        raise CorpusError(
            f"{len(contacts)} contacts leave {len(train)} to learn from and {len(locked)} locked; "
            "label more, or give another --share"
        )
    split = Split(
        format=FORMAT,
        seed=seed,
        share=share,
        train_contacts=len(train),
        locked_contacts=len(locked),
        locked=fingerprint(locked),
    )
    folder.mkdir(parents=True, exist_ok=True)
    save_corpus(train, folder / TRAIN)
    save_corpus(locked, folder / LOCKED)
    (folder / SPLIT).write_text(split.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return split


def draw_locked(contacts: Iterable[LabelledContact], *, share: float, seed: int) -> frozenset[str]:
    """Give the hashes of the texts that are locked, whatever the order of *contacts*.

    Contacts are put in order by author, agency and level and cut into runs of 1 / *share*, of each
    of which one is drawn, so that every group gives about its share. A text that stands twice
    stays on one side.
    """
    texts = {hash_text(contact.text): contact for contact in sorted(contacts, key=lambda c: c.id)}
    runs: dict[int, list[str]] = {}
    for place, text in enumerate(sorted(texts, key=lambda text: _group(texts[text], text))):
        runs.setdefault(int(place * share), []).append(text)
    return frozenset(
        min(run, key=lambda text: hash_content(f"{seed} {text}".encode())) for run in runs.values()
    )


def _group(contact: LabelledContact, text: str) -> tuple[str, str, int, str]:
    return contact.author, contact.agency, LEVELS.index(contact.level), text


def load_labelled(path: Path) -> Contacts:
    """Give the labelled contacts of a JSON Lines file, or of every one in a folder.

    Raises:
        CorpusError: As `load_corpus`; also if there is no file, or an id stands in two.
    """
    return _load(sorted(path.glob("*.jsonl")) if path.is_dir() else [path], path)


def load_local(folder: Path) -> Contacts:
    """Give what may be learnt from: every file of a parted folder but the locked one.

    Raises:
        CorpusError: As `load_labelled`; also if the locked part was altered, or any contact is
            in it.
    """
    locked = load_locked(folder)
    contacts = _load(sorted(p for p in folder.glob("*.jsonl") if p.name != LOCKED), folder)
    refuse_locked(contacts, locked)
    return contacts


def load_locked(folder: Path) -> Contacts:
    """Give the locked part of a parted folder, for tests only.

    Raises:
        CorpusError: If the folder was not parted, or the part is not the one that was locked.
    """
    split, locked = _read_split(folder), load_corpus(folder / LOCKED)
    if fingerprint(locked) != split.locked:
        raise CorpusError(
            f"{LOCKED} is not what was locked (found {fingerprint(locked)[:12]}, expected "
            f"{split.locked[:12]}): restore the file, or part the contacts into another folder"
        )
    return locked


def refuse_locked(contacts: Iterable[LabelledContact], locked: Iterable[LabelledContact]) -> None:
    """Stop a reader from learning what it will be tested on.

    Raises:
        CorpusError: If the id or the text of any contact is that of a locked one.
    """
    known = tuple(locked)
    ids, texts = {each.id for each in known}, {hash_text(each.text) for each in known}
    found = sorted(c.id for c in contacts if c.id in ids or hash_text(c.text) in texts)
    if found:
        raise CorpusError(
            f"{len(found)} contacts of the locked part (first: {found[0]}) were given for "
            "training; take them out of what is learnt"
        )


def hash_text(text: str) -> str:
    """Give what tells one text from another, whatever its spaces, line breaks and capitals."""
    return hash_content(" ".join(text.casefold().split()).encode())


def _load(files: Sequence[Path], where: Path) -> Contacts:
    if not files:
        raise CorpusError(f"{where.name}: holds no .jsonl file; give what annotation import wrote")
    contacts = tuple(contact for file in files for contact in load_corpus(file))
    refuse_twice(contacts)
    return contacts


def refuse_twice(contacts: Iterable[LabelledContact]) -> None:
    """Stop two contacts from having one id.

    Raises:
        CorpusError: If two have.
    """
    twice = sorted(name for name, times in Counter(c.id for c in contacts).items() if times > 1)
    if twice:
        raise CorpusError(
            f"{len(twice)} ids stand twice (first: {twice[0]}); give each contact its own"
        )


def _read_split(folder: Path) -> Split:
    try:
        return Split.model_validate_json((folder / SPLIT).read_bytes())
    except (OSError, ValidationError):
        raise CorpusError(
            f"{folder.name}: has no {SPLIT} that can be read; part the labelled contacts with: "
            "python -m models split LABELLED --output FOLDER"
        ) from None
