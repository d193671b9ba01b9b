"""What the product said of a labelled contact, laid beside its labels.

A contestant (the served `assess`, a baseline, an annotator) is reduced to one `Prediction`, so
that one set of measures judges them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from annotation.labels import LabelledContact, LabelledSentence
from nlp.assessment import Assessment, FlagFinding
from nlp.domain import (
    Assertion,
    Contact,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Span,
    Status,
    Urgency,
)


@dataclass(frozen=True)
class Prediction:
    """What one contestant says of one contact.

    ``evidence`` and ``quoted`` run parallel to the contact's labelled sentences: the elements that
    the contestant marks on each, and those for which it quotes it (a record quotes only the best
    few). ``level_probabilities`` is empty where none are given; ``inappropriate`` is ``None`` for
    a referral. ``status_probabilities`` are those of the statuses said. ``ruled_flags`` are present
    by rule, ``seen_flags`` by the model, which is ``None`` where it reads none.
    """

    status: Mapping[Element, Status]
    evidence: tuple[frozenset[Element], ...]
    quoted: tuple[frozenset[Element], ...]
    level: Level
    level_probabilities: Mapping[Level, float]
    plausible: tuple[Level, ...]
    flags: frozenset[SafetyFlag]
    domains: frozenset[NeedDomain]
    urgency: Urgency
    inappropriate: bool | None
    reasons: frozenset[Reason]
    status_probabilities: Mapping[Element, float] = field(default_factory=dict)
    inappropriate_probability: float | None = None
    ruled_flags: frozenset[SafetyFlag] = frozenset()
    seen_flags: frozenset[SafetyFlag] | None = None


@dataclass(frozen=True)
class Outcome:
    """A labelled contact and what was said of it."""

    contact: LabelledContact
    prediction: Prediction


def to_contact(labelled: LabelledContact) -> Contact:
    """Give the contact as a partner would send it: no label goes in."""
    return Contact(text=labelled.text, form=labelled.form, agency=labelled.agency)


def from_assessment(
    labelled: LabelledContact,
    assessment: Assessment,
    *,
    marked: Mapping[Element, Iterable[Span]],
    seen: frozenset[SafetyFlag] | None = None,
) -> Prediction:
    """Give what the served record says, laid on the labelled sentences.

    *marked* are the stretches that the reader holds to be evidence, quoted in the record or not;
    *seen* the flags that it holds to be present, found by rule or not.
    """
    notification = assessment.notification
    inappropriate = None if notification is None else not notification.appropriate
    present = [each for each in assessment.safety_flags if each.assertion is Assertion.PRESENT]
    quoted = {
        found.element: [Span(quotation.start, quotation.end) for quotation in found.evidence]
        for found in assessment.completeness.elements
    }
    return Prediction(
        status={found.element: found.status for found in assessment.completeness.elements},
        evidence=mark_sentences(labelled.sentences, marked),
        quoted=mark_sentences(labelled.sentences, quoted),
        level=assessment.level.likely,
        level_probabilities=assessment.level.probabilities,
        plausible=assessment.level.plausible,
        flags=frozenset(found.flag for found in present),
        domains=frozenset(found.domain for found in assessment.need_domains),
        urgency=assessment.urgency.rating,
        inappropriate=inappropriate,
        reasons=frozenset(found.reason for found in notification.reasons)
        if notification is not None and inappropriate
        else frozenset(),
        status_probabilities={
            found.element: found.probability for found in assessment.completeness.elements
        },
        inappropriate_probability=notification.probability_inappropriate if notification else None,
        ruled_flags=frozenset(_ruled(assessment.safety_flags)),
        seen_flags=seen,
    )


def _ruled(flags: Iterable[FlagFinding]) -> Iterator[SafetyFlag]:
    """What the rules alone raise, whether or not the reader doubts it."""
    for found in flags:
        present = found.assertion is Assertion.PRESENT
        if found.source == "rule" and (present or found.doubted):
            yield found.flag


def from_labels(labelled: LabelledContact) -> Prediction:
    """Give an annotator's labels as if a contestant had said them."""
    notification = labelled.notification
    plausible = {labelled.level, labelled.alternative_level}
    evidence = tuple(sentence.elements for sentence in labelled.sentences)
    return Prediction(
        status=labelled.status,
        evidence=evidence,
        quoted=evidence,
        level=labelled.level,
        level_probabilities={},
        plausible=tuple(level for level in Level if level in plausible),
        flags=labelled.flags_present(),
        domains=labelled.domains,
        urgency=labelled.urgency,
        inappropriate=None if notification is None else not notification.appropriate,
        reasons=frozenset() if notification is None else notification.reasons,
    )


def covers(evidence: Span, sentence: LabelledSentence) -> bool:
    """Say whether they share at least half the characters of the shorter one.

    So evidence from a sentence that we split too finely still counts, once, and evidence from
    two sentences that we ran together counts for both, right or wrong.
    """
    shared = min(evidence.end, sentence.end) - max(evidence.start, sentence.start)
    shorter = min(evidence.end - evidence.start, sentence.end - sentence.start)
    return shared > 0 and 2 * shared >= shorter


def mark_sentences(
    sentences: Iterable[LabelledSentence], evidence: Mapping[Element, Iterable[Span]]
) -> tuple[frozenset[Element], ...]:
    """Give, for each labelled sentence, the elements that any evidence marks on it."""
    spans = [(element, span) for element, found in evidence.items() for span in found]
    return tuple(
        frozenset(element for element, span in spans if covers(span, sentence))
        for sentence in sentences
    )
