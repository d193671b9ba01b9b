"""Labelled contacts, predictions and outcomes with defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotation.corpus import TwiceLabelled
from annotation.labels import (
    LabelledContact,
    LabelledFlag,
    LabelledNotification,
    LabelledSentence,
)
from evaluation.ceiling import measure_ceilings
from evaluation.figures import measure_split
from evaluation.flag_sources import Flags, measure_sources
from evaluation.outcomes import Outcome, Prediction, from_labels
from evaluation.report import Report
from nlp.domain import (
    Agency,
    Assertion,
    Certainty,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)


def make_labelled(
    number: int = 1,
    *,
    author: str = "TR1",
    sentences: Sequence[str] = ("Mia is six and at Hill Primary.", "She says she is scared."),
    elements: Mapping[int, frozenset[Element]] | None = None,
    flags: Mapping[int, tuple[LabelledFlag, ...]] | None = None,
    form: Form = Form.REFERRAL,
    agency: Agency = Agency.SCHOOL,
    level: Level = Level.EARLY_HELP,
    alternative_level: Level | None = None,
    urgency: Urgency = Urgency.GREEN,
    domains: frozenset[NeedDomain] = frozenset(),
    reasons: frozenset[Reason] = frozenset(),
) -> LabelledContact:
    """A contact whose sentences stand on lines of their own; met where it has evidence."""
    marked = {0: frozenset({Element.CHILD_IDENTITY}), 1: frozenset({Element.CHILD_VOICE})}
    marked = marked if elements is None else dict(elements)
    spans, start = [], 0
    for place, sentence in enumerate(sentences):
        end = start + len(sentence)
        found = (flags or {}).get(place, ())
        spans.append(LabelledSentence(start, end, marked.get(place, frozenset()), found))
        start = end + 1
    evident = {element for span in spans for element in span.elements}
    return LabelledContact(
        id=f"{author}{number:04}",
        author=author,
        form=form,
        agency=agency,
        role="teacher",
        text="\n".join(sentences),
        sentences=tuple(spans),
        status={e: Status.MET if e in evident else Status.MISSING for e in Element},
        level=level,
        alternative_level=alternative_level,
        certainty=Certainty.CLEAR,
        urgency=urgency,
        domains=domains,
        notification=LabelledNotification(not reasons, reasons) if form is Form.PPN else None,
        people=(),
    )


def make_present(flag: SafetyFlag) -> tuple[LabelledFlag, ...]:
    return (LabelledFlag(flag, Assertion.PRESENT),)


def make_outcome(contact: LabelledContact | None = None, **said: Any) -> Outcome:
    """An outcome that is right in everything but what is *said*."""
    known = contact or make_labelled()
    return Outcome(known, make_prediction(known, **said))


def make_prediction(contact: LabelledContact, **said: Any) -> Prediction:
    return replace(from_labels(contact), **said)


def make_outcomes(count: int = 12) -> tuple[Outcome, ...]:
    """Contacts of two authors, both forms and every level, each third one called too low."""
    contacts = [
        make_labelled(
            number,
            author=("TR1", "TR2")[number % 2],
            form=(Form.REFERRAL, Form.PPN)[number % 2],
            agency=(Agency.SCHOOL, Agency.POLICE)[number % 2],
            level=tuple(Level)[number % 4],
            flags={0: make_present(SafetyFlag.WEAPON)} if number % 4 == 3 else None,
        )
        for number in range(count)
    ]
    return tuple(
        make_outcome(
            contact,
            level=Level.UNIVERSAL if number % 3 == 0 else contact.level,
            level_probabilities={level: 0.7 if level is contact.level else 0.1 for level in Level},
            status_probabilities=dict.fromkeys(Element, 0.8),
            inappropriate_probability=0.2 if contact.notification else None,
        )
        for number, contact in enumerate(contacts)
    )


def make_twice(count: int = 12) -> tuple[TwiceLabelled, ...]:
    """Contacts whose second annotator sees every third one a level lower; the author is right."""
    authors = [outcome.contact for outcome in make_outcomes(count)]
    seconds = [
        replace(contact, level=Level.UNIVERSAL) if number % 3 == 0 else contact
        for number, contact in enumerate(authors)
    ]
    return tuple(
        TwiceLabelled(author=author, second=second, adjudicated=author)
        for author, second in zip(authors, seconds, strict=True)
    )


def make_report(split: str = "authors_left_out", *, quick: bool = False) -> Report:
    """A whole report on a few contacts."""
    outcomes = make_outcomes()
    contestants = {"reader": outcomes, "majority": outcomes}
    return Report(
        made="2026-11-26T12:00:00+00:00",
        release="0.1.0",
        reader="fake 1",
        rulebook="1",
        framework="tees",
        reader_code="reader",
        quick=quick,
        resamples=50,
        seed=1,
        corpus={split: "print"},
        contestants={"reader": "Reader", "majority": "Commonest label"},
        splits={
            split: measure_split(
                split, contestants, reader="reader", resamples=50, list_mistakes=True
            )
        },
        agreement={"author_second": {"level_kappa": 0.96}},
        segmentation={split: {"boundary_f1": 0.97}},
        ceilings={
            split: measure_ceilings(
                make_twice(), adjudicated=False, measured=len(outcomes), resamples=50
            )
        },
        new_writers=measure_sources(
            [Flags(frozenset({SafetyFlag.WEAPON}), frozenset(), frozenset({SafetyFlag.WEAPON}))],
            resamples=50,
        ),
    )
