"""Part contacts so that no author stands on both sides; keep what is measured out of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotation.labels import LabelledContact
from nlp.errors import CorpusError

# The authors of dev and of the unread contacts: on these nothing is trained and nothing chosen.
HELD_BACK = frozenset({"DE1", "TRQ", "TRR"})


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
    """Stop anything from being trained or tuned on dev or on the unread contacts.

    Raises:
        CorpusError: If any contact is by an author who is held back.
    """
    found = sorted(contact.id for contact in contacts if contact.author in HELD_BACK)
    if found:
        raise CorpusError(
            f"{len(found)} contacts that are kept for measuring (first: {found[0]}) were given for "
            "training; train on train.jsonl and later.jsonl of annotation/corpus"
        )
