"""Part contacts so that no author stands on both sides; keep what is measured out of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotation.labels import LabelledContact
from nlp.errors import CorpusError

# The authors of dev, of the unread contacts and of the held contrast sets: on these nothing is
# trained and nothing chosen.
HELD_BACK = frozenset(
    {"DE1", "TRQ", "TRR", "TSG", "TSH", "TSI", "TSJ", "TUA", "TUB", "CSH", "CSP", "CSZ"}
)


@dataclass(frozen=True)
class Fold:
    """Authors left out: train on the others' contacts, test on theirs."""

    authors: tuple[str, ...]
    train: tuple[LabelledContact, ...]
    test: tuple[LabelledContact, ...]


def leave_one_author_out(contacts: Iterable[LabelledContact]) -> Iterator[Fold]:
    """Give a fold for each author, in the order of names; same errors as `leave_authors_out`."""
    known = tuple(contacts)
    folds = leave_authors_out(known, groups=len({contact.author for contact in known}))
    yield from sorted(folds, key=lambda fold: fold.authors)


def leave_authors_out(contacts: Iterable[LabelledContact], *, groups: int) -> Iterator[Fold]:
    """Give a fold for each of so many groups of authors (or each author, where they are fewer).

    Raises:
        CorpusError: If there are fewer than two authors, or one of them is held back.
    """
    known = tuple(contacts)
    refuse_held_back(known)
    authors = [contact.author for contact in known]
    if len(set(authors)) < 2:
        raise CorpusError(
            f"found contacts by {len(set(authors))} author; leaving one out needs two or more"
        )
    group_of = group_authors(authors, folds=groups)
    for group in range(int(group_of.max()) + 1):
        pairs = list(zip(known, group_of == group, strict=True))
        test = tuple(contact for contact, out in pairs if out)
        yield Fold(
            authors=tuple(sorted({contact.author for contact in test})),
            train=tuple(contact for contact, out in pairs if not out),
            test=test,
        )


def group_authors(authors: Sequence[str], *, folds: int) -> npt.NDArray[np.int64]:
    """Give each row a fold from 0; an author's rows share one, and folds are alike in size."""
    names, counts = np.unique(np.asarray(authors), return_counts=True)
    sizes = np.zeros(min(folds, len(names)), dtype=int)
    fold_of: dict[str, int] = {}
    for position in np.argsort(-counts, kind="stable"):
        fold_of[names[position]] = int(np.argmin(sizes))
        sizes[fold_of[names[position]]] += counts[position]
    return np.array([fold_of[author] for author in authors], dtype=np.int64)


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
