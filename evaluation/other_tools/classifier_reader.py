"""A reader whose every answer is a text classifier's: so that it is judged as ours is.

The product reads it in the place of ours: `assess` adds the same rules (flags, and urgency and
appropriateness from them) to whatever a tool says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.labels import LabelledContact
from annotation.splits import group_authors
from evaluation.other_tools.classifiers import Classifier, Tool
from evaluation.other_tools.logistic import Logistic, fit_logistic
from evaluation.other_tools.questions import QUESTIONS, Sheet, lesson, read_sheets
from models.conformal import LevelSets, fit_level_sets
from models.fitting import LIKELIER_THAN_NOT, Truth, choose_thresholds
from models.heads import Floats
from models.tfidf import URGENCIES, element_numbers, named
from nlp.assessment import FlagFinding
from nlp.domain import (
    LEVELS,
    STATUSES,
    Certainty,
    Contact,
    Document,
    Element,
    Form,
    NeedDomain,
    Reason,
)
from nlp.reading import Reading, SentenceReading, Thresholds

# Of the training authors, one group of so many is held back to choose thresholds on.
INNER_FOLDS = 3
COVERAGE, COVERAGE_PROTECTION = 0.90, 0.95

Tuning = Mapping[str, tuple[Floats, Truth]]


@dataclass(frozen=True)
class ClassifierReader:
    """Reads a contact with a classifier a question.

    The status of an element comes from how sure the classifier is of its sentences (``status``, a
    logistic regression for each element); certainty and reasons are not asked.
    """

    name: str
    thresholds: Thresholds
    classifiers: Mapping[str, Classifier]
    status: Mapping[Element, Logistic]
    level_sets: LevelSets

    @property
    def megabytes(self) -> float:
        """What is kept of it."""
        parts = {k: v for c in self.classifiers.values() for k, v in c.parts.items()}
        return (sum(parts.values()) + sum(each.bytes for each in self.status.values())) / 1e6

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Read one contact, already split into *document*'s sentences."""
        text, ppn = tuple(each.text for each in document.sentences), contact.form is Form.PPN
        elements = self.classifiers["elements"].probabilities([(said,) for said in text])
        answers = {
            question.name: self.classifiers[question.name].probabilities([text])[0]
            for question in QUESTIONS[1:]
            if question.name != "inappropriate" or ppn
        }
        numbers = element_numbers(elements)
        return Reading(
            sentences=tuple(SentenceReading(named(Element, row)) for row in elements),
            status={
                element: named(STATUSES, self.status[element].probabilities(row[None])[0])
                for element, row in zip(Element, numbers, strict=True)
            },
            level=named(LEVELS, answers["level"]),
            plausible=self.level_sets.plausible(answers["level"]),
            certainty=dict.fromkeys(Certainty, 1 / len(Certainty)),
            domains=named(NeedDomain, answers["domains"]),
            urgency=named(URGENCIES, answers["urgency"]),
            inappropriate=float(answers["inappropriate"][1]) if ppn else None,
            reasons=dict.fromkeys(Reason, 0.0) if ppn else {},
        )


def fit_reader(name: str, tool: Tool, contacts: Sequence[LabelledContact]) -> ClassifierReader:
    """Teach *tool* every question; thresholds and sets are chosen on authors held back from it.

    Then it learns again from all of *contacts*.
    """
    sheets = read_sheets(contacts)
    groups = group_authors([contact.author for contact in contacts], folds=INNER_FOLDS)
    rest = [sheet for sheet, group in zip(sheets, groups, strict=True) if group]
    held = [sheet for sheet, group in zip(sheets, groups, strict=True) if not group]
    classifiers: dict[str, Classifier] = {}
    tuning: dict[str, tuple[Floats, Truth]] = {}
    for question in QUESTIONS:
        first = tool(question, *lesson(question, rest))
        texts, truth = lesson(question, held)
        tuning[question.name] = first.probabilities(texts), truth
        classifiers[question.name] = first.again(*lesson(question, sheets))
    level, levels = tuning["level"]
    return ClassifierReader(
        name=name,
        thresholds=_thresholds(tuning),
        classifiers=classifiers,
        status=_fit_status(held, tuning["elements"][0]),
        level_sets=fit_level_sets(
            level,
            levels.argmax(axis=1),
            coverage=COVERAGE,
            coverage_protection=COVERAGE_PROTECTION,
        ),
    )


def _thresholds(tuning: Tuning) -> Thresholds:
    said, truth = tuning["inappropriate"]
    notice = choose_thresholds(said[:, 1:], truth[:, 1:], lowest=LIKELIER_THAN_NOT)
    return Thresholds(
        elements=dict(zip(Element, choose_thresholds(*tuning["elements"]), strict=True)),
        domains=dict(zip(NeedDomain, choose_thresholds(*tuning["domains"]), strict=True)),
        reasons=dict.fromkeys(Reason, 1.0),
        inappropriate=notice[0],
    )


def _fit_status(sheets: Sequence[Sheet], elements: Floats) -> dict[Element, Logistic]:
    ends = np.cumsum([len(sheet.sentences) for sheet in sheets])
    numbers = np.stack([element_numbers(rows) for rows in np.split(elements, ends[:-1])])
    found = {}
    for place, element in enumerate(Element):
        points = np.array([sheet.contact.status[element].points for sheet in sheets])
        marked = points[:, None] == np.arange(len(STATUSES))
        found[element] = fit_logistic(numbers[:, place], marked, exclusive=True)
    return found
