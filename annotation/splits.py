"""Part contacts so that no author stands on both sides, and keep dev out of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotation.labels import LabelledContact
from nlp.errors import CorpusError

# The author of the dev split: on this batch nothing is trained and no threshold is chosen.
HELD_BACK = frozenset({"DE1"})


@dataclass(frozen=True)
class Fold:
    """One author left out: train on the others' contacts, test on theirs."""

    author: str
    train: tuple[LabelledContact, ...]
    test: tuple[LabelledContact, ...]


def leave_one_author_out(contacts: Iterable[LabelledContact]) -> Iterator[Fold]:
    """Give a fold for each author, in the order of their names.

    Raises:
        CorpusError: If there are fewer than two authors, or one of them is held back.
    """
    known = tuple(contacts)
    refuse_held_back(known)
    authors = sorted({contact.author for contact in known})
    if len(authors) < 2:
        raise CorpusError(
            f"found contacts by {len(authors)} author; leaving one out needs two or more"
        )
    for author in authors:
        yield Fold(
            author,
            train=tuple(contact for contact in known if contact.author != author),
            test=tuple(contact for contact in known if contact.author == author),
        )


def refuse_held_back(contacts: Iterable[LabelledContact]) -> None:
    """Stop anything from being trained or tuned on the dev split.

    Raises:
        CorpusError: If any contact is by an author who is held back.
    """
    found = sorted(contact.id for contact in contacts if contact.author in HELD_BACK)
    if found:
        raise CorpusError(
            f"{len(found)} contacts of the dev split (first: {found[0]}) were given for training; "
            "train on annotation/corpus/train.jsonl and cross-validate over its authors"
        )
