"""Labelled contacts as the reader will meet them: read from their text alone, then given labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from annotation.labels import LabelledContact, LabelledNotification
from annotation.splits import group_authors
from models.features import SentenceWords, read_words
from models.fitting import BESIDE, Doubles, Truth
from models.heads import Floats
from models.tfidf import URGENCIES
from models.words import find_known
from nlp.document import read_document
from nlp.domain import LEVELS, Certainty, Document, Element, NeedDomain, Reason

Label = TypeVar("Label", bound=StrEnum)
Values = TypeVar("Values", npt.NDArray[np.int64], npt.NDArray[np.float64])
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingCorpus:
    """Contacts with the words of their sentences and the fold of each; rows follow their order.

    ``tagged`` holds the labelled elements of every sentence, contact after contact; ``weights``
    says how much each contact counts, and ``writers`` who wrote it, by whom terms are chosen.
    """

    contacts: tuple[LabelledContact, ...]
    words: tuple[tuple[SentenceWords, ...], ...]
    tagged: tuple[frozenset[Element], ...]
    known: frozenset[str]
    folds: Numbers
    weights: Doubles
    writers: tuple[str, ...]

    @property
    def sentences(self) -> tuple[SentenceWords, ...]:
        """All sentences, contact after contact."""
        return tuple(chain.from_iterable(self.words))

    @property
    def writers_of_sentences(self) -> list[str]:
        """Who wrote each sentence."""
        return [who for who, words in zip(self.writers, self.words, strict=True) for _ in words]

    @property
    def elements(self) -> Truth:
        """Which elements each sentence is evidence for, sentences x 16."""
        return truth(Element, self.tagged)

    @property
    def levels(self) -> Numbers:
        """The level of each contact, 0 to 3."""
        return np.array([LEVELS.index(contact.level) for contact in self.contacts])

    @property
    def urgencies(self) -> Numbers:
        """The urgency of each contact, 0 (green) to 2."""
        return np.array([URGENCIES.index(contact.urgency) for contact in self.contacts])

    @property
    def certainties(self) -> Truth:
        """Contacts x 3."""
        return truth(Certainty, [frozenset({contact.certainty}) for contact in self.contacts])

    @property
    def domains(self) -> Truth:
        """Contacts x 29."""
        return truth(NeedDomain, [contact.domains for contact in self.contacts])

    @property
    def notified(self) -> npt.NDArray[np.bool_]:
        """Which contacts are PPNs."""
        return np.array([contact.notification is not None for contact in self.contacts])

    @property
    def inappropriate(self) -> Truth:
        """PPNs x 1."""
        return np.array([[not notice.appropriate] for notice in self._notices()], dtype=bool)

    @property
    def reasons(self) -> Truth:
        """PPNs x 9."""
        return truth(Reason, [notice.reasons for notice in self._notices()])

    def points(self, element: Element) -> Numbers:
        """The status of *element* in each contact: 0 missing, 1 partly, 2 met."""
        return np.array([contact.status[element].points for contact in self.contacts])

    def by_contact(self, rows: Floats) -> list[Floats]:
        """Part sentence rows by contact."""
        ends = np.cumsum([len(sentences) for sentences in self.words])
        return np.split(rows, ends[:-1])

    def for_sentences(self, values: Values) -> Values:
        """Repeat a contact's value for each of its sentences."""
        return np.repeat(values, [len(sentences) for sentences in self.words])

    def beside(self, contrasts: Sequence[LabelledContact], *, weight: float) -> TrainingCorpus:
        """Give these contacts, then *contrasts*, which teach what is labelled of a whole contact.

        They are in no fold: every fit learns from them, and nothing is calibrated on them.
        """
        read = (read_words(read_document(each.text), known=self.known) for each in contrasts)
        return replace(
            self,
            contacts=(*self.contacts, *contrasts),
            words=(*self.words, *map(tuple, read)),
            folds=np.concatenate([self.folds, np.full(len(contrasts), BESIDE)]),
            weights=np.concatenate([self.weights, np.full(len(contrasts), weight)]),
            writers=(*self.writers, *(contact.author for contact in contrasts)),
        )

    def _notices(self) -> Iterator[LabelledNotification]:
        return (c.notification for c in self.contacts if c.notification is not None)


def read_corpus(
    contacts: Sequence[LabelledContact],
    *,
    contrasts: Sequence[LabelledContact] = (),
    folds: int,
    weights: Sequence[float] | None = None,
    writers: Sequence[str] | None = None,
) -> TrainingCorpus:
    """Read *contacts* as the product would, and part their authors into *folds* groups.

    *weights* are of each contact, 1 where not given; *writers* are the authors where not given.
    Of *contrasts* only the words are learnt that are not names; see `TrainingCorpus.beside`.
    """
    documents = [read_document(contact.text) for contact in contacts]
    known = find_known(
        (contact.text for contact in (*contacts, *contrasts)),
        names=(person for contact in contacts for person in contact.people),
    )
    return TrainingCorpus(
        contacts=tuple(contacts),
        words=tuple(read_words(document, known=known) for document in documents),
        tagged=tuple(chain.from_iterable(map(align_elements, contacts, documents))),
        known=known,
        folds=group_authors([contact.author for contact in contacts], folds=folds),
        weights=np.ones(len(contacts)) if weights is None else np.array(weights, dtype=np.float64),
        writers=tuple(writers or (contact.author for contact in contacts)),
    )


def align_elements(contact: LabelledContact, document: Document) -> list[frozenset[Element]]:
    """Give the labelled elements of each sentence that the product reads.

    A sentence has the labels of every labelled stretch that it shares more than half of the
    shorter of the two with.
    """
    found = []
    for sentence in document.sentences:
        elements: set[Element] = set()
        for labelled in contact.sentences:
            shared = min(sentence.end, labelled.end) - max(sentence.start, labelled.start)
            shorter = min(sentence.end - sentence.start, labelled.end - labelled.start)
            if shared * 2 > shorter:
                elements |= labelled.elements
        found.append(frozenset(elements))
    return found


def truth(labels: type[Label], marked: Sequence[frozenset[Label]]) -> Truth:
    """Give which labels each row is marked with, rows x labels."""
    rows = [[label in given for label in labels] for given in marked]
    return np.array(rows, dtype=bool).reshape(len(marked), len(labels))


def steps(numbers: Numbers, *, classes: int) -> Truth:
    """Give whether each class number reaches 1, 2, ..., rows x (classes - 1)."""
    return numbers[:, None] >= np.arange(1, classes)
