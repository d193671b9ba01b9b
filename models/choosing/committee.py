"""The released readers as a committee: where they differ, a label settles something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from models.artefact import load_tfidf
from models.choosing.doubt import disagreement, unsureness
from models.joined import Joint, join, load_joint
from models.predict import RELEASED
from models.transformer.artefact import load_transformer
from models.whole import TFIDF, TRANSFORMER
from nlp.domain import Contact, Document
from nlp.errors import ArtefactError
from nlp.flags import find_flags
from nlp.reading import Reader
from nlp.rules import load_rulebook

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Opinion:
    """What a committee says of one contact: its ``doubt``, 0 to 1, and how many levels stay."""

    doubt: float
    levels: int


@dataclass(frozen=True)
class Pair:
    """The transformer and the linear reader, with how they are joined where they serve."""

    transformer: Reader
    linear: Reader
    joint: Joint

    @property
    def told(self) -> str:
        """What doubt is made of."""
        return f"{self.transformer.name} and {self.linear.name}: how far they differ"

    def consider(self, contact: Contact, document: Document) -> Opinion:
        """Give how far the two differ, and the levels that are plausible to both joined."""
        one = self.transformer.read(contact, document)
        other = self.linear.read(contact, document)
        ruled = find_flags(document, load_rulebook())
        joined = join(one, other, self.joint, document=document, ruled=ruled)
        return Opinion(disagreement(one, other), len(joined.plausible))


@dataclass(frozen=True)
class Single:
    """One reader, where the other cannot be loaded."""

    reader: Reader

    @property
    def told(self) -> str:
        """What doubt is made of."""
        return f"{self.reader.name} alone: how unsure it is"

    def consider(self, contact: Contact, document: Document) -> Opinion:
        """Give how unsure it is, and its own plausible levels."""
        reading = self.reader.read(contact, document)
        return Opinion(unsureness(reading), len(reading.plausible))


Committee = Pair | Single


def load_committee(released: Path = RELEASED) -> Committee:
    """Give both readers of the folder *released*, or the one that can be loaded.

    Raises:
        ArtefactError: If neither can.
    """
    folder = released / TRANSFORMER
    transformer = _or_none(lambda: load_transformer(folder, threads=1))
    linear = _or_none(lambda: load_tfidf(released / TFIDF))
    if transformer and linear:
        return Pair(transformer, linear, load_joint(folder))
    alone = transformer or linear
    if alone is None:
        raise ArtefactError(
            f"{released.name}: neither reader can be loaded; restore the folder from the release"
        )
    return Single(alone)


def _or_none(load: Callable[[], Loaded]) -> Loaded | None:
    try:
        return load()
    except ArtefactError:
        return None
