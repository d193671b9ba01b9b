"""Ask the served `assess` about labelled contacts, and learn what its reader marked and saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotation.labels import LabelledContact
from evaluation.baselines import Predict
from evaluation.outcomes import Prediction, from_assessment, to_contact
from nlp.assess import assess
from nlp.assessment import FlagFinding
from nlp.domain import Contact, Document, Element, SafetyFlag, Span
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks
from nlp.reading import Reader, Reading, Thresholds


@dataclass
class ListeningReader:
    """Passes everything on to *reader*, and keeps what it last marked and saw.

    The record quotes only the best few sentences of an element, and a flag that a rule found is
    the rule's alone; what the reader holds besides is known only to the reader. ``seen`` are the
    flags that it sees in a sentence, rules aside, ``None`` where it reads none.
    """

    reader: Reader
    marked: Mapping[Element, tuple[Span, ...]] = field(default_factory=dict)
    seen: frozenset[SafetyFlag] | None = None

    @property
    def name(self) -> str:
        """The name of the reader itself."""
        return self.reader.name

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the reader itself."""
        return self.reader.thresholds

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Give the reader's own reading."""
        reading = self.reader.read(contact, document, ruled)
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
        self.seen = _seen(reading, self.reader.thresholds)
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
        return from_assessment(labelled, assessment, marked=listening.marked, seen=listening.seen)

    return predict


def _seen(reading: Reading, limits: Thresholds) -> frozenset[SafetyFlag] | None:
    if not any(read.flags for read in reading.sentences):
        return None
    return frozenset(
        flag
        for read in reading.sentences
        for flag, probability in read.flags.items()
        if probability >= limits.seen_from
    )
