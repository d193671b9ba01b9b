"""Choose a batch from a file of contacts, and write it with why each was chosen.

What is written is what labelling tools are given (`annotation.exchange.fresh`), which pass over
the reasons, so that no annotator is swayed by them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotation.exchange.fresh import load_fresh
from annotation.exchange.marks import Record
from annotation.labels import LabelledContact
from models.choosing.committee import Committee
from models.choosing.config import ChoosingConfig
from models.choosing.novelty import Novelty, count_words
from models.choosing.picking import Candidate, Pick, Signal, pick_batch
from models.local.splitting import hash_text
from nlp.document import read_document
from nlp.domain import Agency, Contact, Document, Form
from nlp.errors import CorpusError, ReferralQualityError

Step = Callable[[], None]


@dataclass(frozen=True)
class Pool:
    """Contacts that may be chosen; ``twice`` were left out for their like in it or labelled."""

    records: tuple[Record, ...]
    twice: int


@dataclass(frozen=True)
class Chosen:
    """The chosen records, each with its reasons under ``chosen``, and the pool they are of."""

    records: tuple[Record, ...]
    pool: Pool


def load_pool(path: Path, labelled: Sequence[LabelledContact] = ()) -> Pool:
    """Give the contacts of the JSON Lines file at *path*, each text once.

    Left out are those whose text, but for spaces and capitals, stands before them or is labelled.

    Raises:
        CorpusError: If the file is empty, cannot be read or holds a mistake, or two contacts of
            different texts have the same id.
    """
    if path.exists() and not path.read_bytes().strip():
        raise CorpusError(f"{path.name}: is empty; give the contacts to choose from, one a line")
    records = load_fresh(path)
    seen = {hash_text(contact.text) for contact in labelled}
    kept: list[Record] = []
    for record in records:
        text = hash_text(record["text"])
        if text not in seen:
            kept.append(record)
            seen.add(text)
    _refuse_same_ids(path, kept)
    return Pool(tuple(kept), twice=len(records) - len(kept))


def choose(
    pool: Pool,
    labelled: Sequence[LabelledContact],
    committee: Committee,
    config: ChoosingConfig,
    *,
    most: int,
    seed: int,
    step: Step = lambda: None,
) -> Chosen:
    """Choose *most* contacts of the pool, or all where there are fewer.

    Args:
        pool: Those that may be chosen.
        labelled: Those that need no label; what is like them is not new.
        committee: Who doubts.
        config: Shares and weights.
        most: How many are asked for.
        seed: Of what is random.
        step: Called after each contact is read, for a progress bar.

    Raises:
        CorpusError: If *most* is less than 1, or a contact cannot be read.
    """
    if most < 1:
        raise CorpusError(f"asked for {most} contacts; ask for 1 or more")
    documents, candidates = [], []
    for record in pool.records:
        document, candidate = _consider(record, committee)
        documents.append(document)
        candidates.append(candidate)
        step()
    novelty = _compare(pool, documents, labelled)
    picks = pick_batch(candidates, novelty, config, most=most, seed=seed)
    return Chosen(
        tuple(
            {**pool.records[pick.number], "chosen": _explain(pick, candidates[pick.number])}
            for pick in picks
        ),
        pool,
    )


def save_chosen(chosen: Chosen, path: Path) -> None:
    """Write the chosen records to *path*, one a line, in the order they were chosen."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in chosen.records)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def write_table(chosen: Chosen) -> str:
    """Give how many were chosen of each agency and why, in plain text without any contact."""
    return "\n".join(_lines(chosen))


def _lines(chosen: Chosen) -> Iterator[str]:
    there = Counter(record["agency"] for record in chosen.pool.records)
    taken = Counter(record["agency"] for record in chosen.records)
    random = Counter(r["agency"] for r in chosen.records if Signal.RANDOM in r["chosen"]["why"])
    yield f"{'agency':22}{'in file':>9}{'chosen':>9}{'at random':>12}"
    for agency, count in there.most_common():
        yield f"{agency:22}{count:>9}{taken[agency]:>9}{random[agency]:>12}"
    yield f"{'together':22}{there.total():>9}{taken.total():>9}{random.total():>12}"
    reasons = Counter(why for record in chosen.records for why in record["chosen"]["why"])
    yield "chosen for: " + ", ".join(f"{signal} {reasons[signal]}" for signal in Signal)
    if chosen.pool.twice:
        yield f"left out, since their text is labelled or stands twice: {chosen.pool.twice}"


def _consider(record: Record, committee: Committee) -> tuple[Document, Candidate]:
    try:
        document = read_document(record["text"])
        contact = Contact(record["text"], Form(record["form"]), Agency(record["agency"]))
        opinion = committee.consider(contact, document)
    except ReferralQualityError as error:
        raise CorpusError(f"record {record['id']}: {error}") from None
    return document, Candidate(record["agency"], opinion.doubt, opinion.levels)


def _compare(
    pool: Pool, documents: Sequence[Document], labelled: Sequence[LabelledContact]
) -> Novelty:
    names = [
        *(name for record in pool.records for name in record["people"]),
        *(name for contact in labelled for name in contact.people),
    ]
    known = [read_document(contact.text) for contact in labelled]
    rows = count_words([*documents, *known], names=names)
    return Novelty(rows[: len(documents)], rows[len(documents) :])


def _explain(pick: Pick, candidate: Candidate) -> dict[str, Any]:
    return {
        "why": [signal.value for signal in pick.why],
        "doubt": round(candidate.doubt, 4),
        "levels": candidate.levels,
        "novelty": round(pick.novelty, 4),
    }


def _refuse_same_ids(path: Path, records: Sequence[Record]) -> None:
    ids = Counter(record["id"] for record in records)
    twice = sorted(name for name, count in ids.items() if count > 1)
    if twice:
        raise CorpusError(
            f"{path.name}: {len(twice)} ids stand on different texts (first: {twice[0]}); "
            "give each contact its own"
        )
