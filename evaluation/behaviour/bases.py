"""The contacts that tests change: written ones with slots, and a few from the training corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from annotation.labels import LabelledContact
from evaluation.behaviour.changes import swap_names
from evaluation.behaviour.schemas import Base, Expected, PeopleFile, Sex
from nlp.domain import Contact, Form

SEED = 20261126
FROM_TRAIN = 40
TRAIN, TRAIN_PPN, SECTIONED = "train", "train_ppn", "sectioned"
FEWEST_PARTS = 4
"""Paragraphs from which a contact counts as one in sections."""


@dataclass(frozen=True)
class WrittenBase:
    """A base of ``bases/``, filled on demand."""

    base: Base
    people: PeopleFile

    @property
    def id(self) -> str:
        """Its name in reports."""
        return self.base.id

    @property
    def groups(self) -> frozenset[str]:
        """The groups it belongs to."""
        return frozenset(self.base.groups) | _form_of(self.base.text)

    @property
    def expected(self) -> Expected | None:
        """What must be said of it as it stands."""
        return self.base.expected

    def contact(self, text: str | None = None) -> Contact:
        """Give it as it stands, or with another *text*."""
        base = self.base
        return Contact(text or self.filled(), base.form, base.agency, base.earlier_contacts)

    def filled(
        self,
        *,
        names: str | None = None,
        swap_sex: bool = False,
        slots: Mapping[str, str] | None = None,
    ) -> str:
        """Give the text with a group of names, the other sex, or other words in some slots."""
        sex = _other(self.base.sex) if swap_sex else self.base.sex
        named = self.people.names[names or self.people.usual]
        words = {**self.people.slots, **named, **self.people.words[sex], **(slots or {})}
        words["child"] = named[sex]
        return self.base.text.format_map(_with_capitals(words)).strip()

    def renamed(self, names: str) -> str:
        """Give the text with everyone's name from the group *names*."""
        return self.filled(names=names)

    def has_slot(self, slot: str) -> bool:
        """Say whether the text has a place for *slot*."""
        return f"{{{slot}}}" in self.base.text.lower()


@dataclass(frozen=True)
class CorpusBase:
    """A training contact: fictional too, but with no slots, and by other hands."""

    labelled: LabelledContact
    people: PeopleFile

    @property
    def id(self) -> str:
        """Its name in reports."""
        return self.labelled.id

    @property
    def groups(self) -> frozenset[str]:
        """The groups it belongs to."""
        own = {TRAIN} | ({TRAIN_PPN} if self.labelled.form is Form.PPN else set())
        return frozenset(own) | _form_of(self.labelled.text)

    @property
    def expected(self) -> Expected | None:
        """Nothing: a reader trained on it would know it."""
        return None

    def contact(self, text: str | None = None) -> Contact:
        """Give it as it stands, or with another *text*."""
        return Contact(text or self.labelled.text, self.labelled.form, self.labelled.agency)

    def renamed(self, names: str) -> str:
        """Give the text with everyone's name from the group *names*, whatever their sex."""
        return swap_names(self.labelled.text, self.labelled.people, self.people.either[names])


AnyBase = WrittenBase | CorpusBase


def sample_train(
    contacts: tuple[LabelledContact, ...], people: PeopleFile, *, size: int = FROM_TRAIN
) -> Iterator[CorpusBase]:
    """Give *size* training contacts, the same each time."""
    places = np.random.default_rng(SEED).permutation(len(contacts))[:size]
    for place in sorted(places):
        yield CorpusBase(contacts[place], people)


def _form_of(text: str) -> frozenset[str]:
    return frozenset({SECTIONED} if text.strip().count("\n\n") + 1 >= FEWEST_PARTS else ())


def _other(sex: Sex) -> Sex:
    return Sex.BOY if sex is Sex.GIRL else Sex.GIRL


def _with_capitals(words: Mapping[str, str]) -> dict[str, str]:
    """Let ``{He}`` and ``{CHILD}`` be written as they look."""
    filled = dict(words)
    for slot, word in words.items():
        filled[slot.capitalize()] = word[:1].upper() + word[1:]
        filled[slot.upper()] = word.upper()
    return filled
