"""The thirds of authors that are left out in turn: those of the transformer's own figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from annotation.labels import LabelledContact
from annotation.splits import group_authors, refuse_held_back

FOLDS = 3


@dataclass(frozen=True, eq=False)
class Thirds:
    """Contacts with the third (0, 1, 2) of each, by author.

    ``work`` is the folder for what is kept from one run to the next, ``checkpoints`` that of the
    transformer's training.
    """

    contacts: tuple[LabelledContact, ...]
    folds: tuple[int, ...]
    work: Path
    checkpoints: Path

    def train(self, fold: int) -> tuple[LabelledContact, ...]:
        """What may be learnt from where this third is left out."""
        return tuple(c for c, own in zip(self.contacts, self.folds, strict=True) if own != fold)

    def test(self, fold: int) -> tuple[LabelledContact, ...]:
        """What is then judged: no author of these is in `train`."""
        return tuple(c for c, own in zip(self.contacts, self.folds, strict=True) if own == fold)


def part_authors(contacts: Iterable[LabelledContact], *, work: Path, checkpoints: Path) -> Thirds:
    """Part the authors as the transformer's training parts them.

    Raises:
        CorpusError: If a contact of the dev split is among *contacts*.
    """
    known = tuple(contacts)
    refuse_held_back(known)
    folds = group_authors([contact.author for contact in known], folds=FOLDS)
    return Thirds(known, tuple(folds.tolist()), work, checkpoints)
