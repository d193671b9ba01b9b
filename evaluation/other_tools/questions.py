"""What every text classifier is asked, with the texts and answers that it learns from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from annotation.labels import LabelledContact
from models.fitting import Truth
from models.tfidf import URGENCIES
from models.training_corpus import align_elements, truth
from nlp.document import read_document
from nlp.domain import LEVELS, Element, NeedDomain

# The sentences of one contact, or one sentence alone.
Text = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A labelled contact with the sentences that the product reads, and their elements."""

    contact: LabelledContact
    sentences: Text
    elements: tuple[frozenset[Element], ...]


Rows = Sequence[tuple[Text, Sequence[bool]]]


@dataclass(frozen=True)
class Question:
    """``rows`` gives the texts of a contact that are asked about, each with a yes or no a label.

    Of an ``exclusive`` question exactly one label holds.
    """

    name: str
    exclusive: bool
    rows: Callable[[Sheet], Rows]


def read_sheets(contacts: Iterable[LabelledContact]) -> list[Sheet]:
    """Read each contact as the product does."""
    pairs = [(contact, read_document(contact.text)) for contact in contacts]
    return [
        Sheet(
            contact,
            tuple(sentence.text for sentence in document.sentences),
            tuple(align_elements(contact, document)),
        )
        for contact, document in pairs
    ]


def lesson(question: Question, sheets: Iterable[Sheet]) -> tuple[list[Text], Truth]:
    """Give the texts of all *sheets*, and the answers: texts x labels."""
    rows = list(chain.from_iterable(question.rows(sheet) for sheet in sheets))
    return [text for text, _ in rows], np.array([answer for _, answer in rows], dtype=bool)


def _elements(sheet: Sheet) -> Rows:
    marked = truth(Element, sheet.elements)
    return [((said,), row) for said, row in zip(sheet.sentences, marked, strict=True)]


def _level(sheet: Sheet) -> Rows:
    return [(sheet.sentences, [level is sheet.contact.level for level in LEVELS])]


def _urgency(sheet: Sheet) -> Rows:
    return [(sheet.sentences, [each is sheet.contact.urgency for each in URGENCIES])]


def _domains(sheet: Sheet) -> Rows:
    return [(sheet.sentences, [domain in sheet.contact.domains for domain in NeedDomain])]


def _inappropriate(sheet: Sheet) -> Rows:
    notice = sheet.contact.notification
    return (
        [] if notice is None else [(sheet.sentences, [notice.appropriate, not notice.appropriate])]
    )


QUESTIONS = (
    Question("elements", exclusive=False, rows=_elements),
    Question("level", exclusive=True, rows=_level),
    Question("urgency", exclusive=True, rows=_urgency),
    Question("domains", exclusive=False, rows=_domains),
    Question("inappropriate", exclusive=True, rows=_inappropriate),
)
