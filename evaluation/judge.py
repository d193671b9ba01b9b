"""Ask the served `assess` about labelled contacts, and learn which sentences its reader marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotation.labels import LabelledContact
from evaluation.baselines import Predict
from evaluation.outcomes import Prediction, from_assessment, to_contact
from nlp.assess import assess
from nlp.domain import Contact, Document, Element, Span
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks
from nlp.reading import Reader, Reading, Thresholds


@dataclass
class ListeningReader:
    """Passes everything on to *reader*, and keeps its last reading.

    The record quotes only the best few sentences of an element; what the reader marked besides is
    known only to the reader.
    """

    reader: Reader
    marked: Mapping[Element, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the reader itself."""
        return self.reader.name

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the reader itself."""
        return self.reader.thresholds

    def read(self, contact: Contact, document: Document) -> Reading:
        """Give the reader's own reading."""
        reading = self.reader.read(contact, document)
        pairs = tuple(zip(document.sentences, reading.sentences, strict=True))
        limits = self.reader.thresholds.elements
        self.marked = {
            element: tuple(
                Span(sentence.start, sentence.end)
                for sentence, read in pairs
                if read.elements[element] >= limits[element]
            )
            for element in Element
        }
        return reading


def judge_with(reader: Reader, *, framework: str = DEFAULT_FRAMEWORK) -> Predict:
    """Give a function that says of a labelled contact what the product says of its text."""
    local = load_frameworks()[framework]

    def predict(labelled: LabelledContact) -> Prediction:
        listening = ListeningReader(reader)
        assessment = assess(
            to_contact(labelled),
            reader=listening,
            framework=local,
            form=form_for(labelled.form),
        )
        return from_assessment(labelled, assessment, marked=listening.marked)

    return predict
