"""Part contacts so that no author stands on both sides; keep what is measured out of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotation.labels import LabelledContact
from nlp.errors import CorpusError

# The authors of dev and of the unread contacts: on these nothing is trained and nothing chosen.
HELD_BACK = frozenset({"DE1", "TRQ", "TRR"})


@dataclass(frozen=True)
class Fold:
    """Authors left out: train on the others' contacts, test on theirs."""

    authors: tuple[str, ...]
    train: tuple[LabelledContact, ...]
    test: tuple[LabelledContact, ...]


def leave_one_author_out(contacts: Iterable[LabelledContact]) -> Iterator[Fold]:
    """Give a fold for each author, in the order of their names; same errors as the next."""
    known = tuple(contacts)
    for author in _authors(known):
        yield _leave_out((author,), known)


def leave_authors_out(contacts: Iterable[LabelledContact], *, groups: int) -> Iterator[Fold]:
    """Give a fold for each of so many groups of authors (or each author, where they are fewer).

    Raises:
        CorpusError: If there are fewer than two authors, or one of them is held back.
    """
    known = tuple(contacts)
    authors = _authors(known)
    for first in range(min(groups, len(authors))):
        yield _leave_out(authors[first::groups], known)


def _authors(known: Sequence[LabelledContact]) -> tuple[str, ...]:
    refuse_held_back(known)
    authors = tuple(sorted({contact.author for contact in known}))
    if len(authors) < 2:
        raise CorpusError(
            f"found contacts by {len(authors)} author; leaving one out needs two or more"
        )
    return authors


def _leave_out(authors: tuple[str, ...], known: Sequence[LabelledContact]) -> Fold:
    return Fold(
        authors,
        train=tuple(contact for contact in known if contact.author not in authors),
        test=tuple(contact for contact in known if contact.author in authors),
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
