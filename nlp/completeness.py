"""Does the text say what a social worker needs?

Two heads of the reader answer this: the status of each element over the whole text, and which
sentences are evidence for it. By the guide they go together (an element is at least partly met
exactly where some sentence is evidence for it), so :func:`_agreed` settles it where they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlp.assessment import Completeness, ElementFinding, Evidence
from nlp.domain import Document, Element, Rating, Status
from nlp.forms import FormTemplate
from nlp.quoting import quote
from nlp.rating import CODES, RatingFile
from nlp.reading import Reading, Thresholds

MOST_QUOTED = 4
NEAREST = 0.5  # share of the threshold at which a sentence is still worth quoting alone
_Vague = Mapping[Element, tuple[Evidence, ...]]


def score_completeness(
    document: Document,
    reading: Reading,
    *,
    vague: _Vague,
    form: FormTemplate,
    thresholds: Thresholds,
    rating: RatingFile,
) -> Completeness:
    """Give the status of every element with its evidence, and the score and rating of the form.

    The score (0 to 100, rounded down, so that 100 means that everything is met) is the weighted
    share of the points of the elements that *form* expects. Length plays no part.
    """
    elements = tuple(
        _find(element, document, reading, vague.get(element, ()), form, thresholds)
        for element in Element
    )
    score = _score(elements, form)
    lacks_critical = any(e.critical and e.status is Status.MISSING for e in elements)
    earned = rating.of(score)
    given = min(earned, Rating.REQUIRES_IMPROVEMENT) if lacks_critical else earned
    return Completeness(score=score, rating=CODES[given], capped=given < earned, elements=elements)


def _score(elements: Sequence[ElementFinding], form: FormTemplate) -> int:
    points = sum(
        form.elements[found.element].weight * found.status.points
        for found in elements
        if found.expected
    )
    most = sum(expected.weight * Status.MET.points for expected in form.elements.values())
    return 100 * points // most


def _find(
    element: Element,
    document: Document,
    reading: Reading,
    vague: tuple[Evidence, ...],
    form: FormTemplate,
    thresholds: Thresholds,
) -> ElementFinding:
    ranked = sorted(
        _evidence(element, document, reading), key=lambda found: -(found.probability or 0)
    )
    threshold = thresholds.elements[element]
    over = [found for found in ranked if (found.probability or 0) >= threshold]
    near = [found for found in ranked if (found.probability or 0) >= threshold * NEAREST]
    probabilities = reading.status[element]
    status = _agreed(max(Status, key=lambda each: probabilities[each]), near)
    if vague and status is Status.MET and all(_holds_any(found, vague) for found in over):
        status = Status.PARTLY
    expected = form.elements.get(element)
    return ElementFinding(
        element=element,
        status=status,
        probability=probabilities[status],
        expected=expected is not None,
        critical=expected is not None and expected.critical,
        evidence=_quoted(status, over, near),
        vague=vague if status is not Status.MET else (),
    )


def _agreed(status: Status, near: Sequence[Evidence]) -> Status:
    """Settle the status where the sentences do not bear it out.

    A met element of which no sentence can be quoted is only partly met: we could not say why.
    """
    if status is Status.MET and not near:
        return Status.PARTLY
    return status


def _quoted(
    status: Status, over: Sequence[Evidence], near: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """The best few sentences; the single nearest where none is over the threshold."""
    if status is Status.MISSING:
        return ()
    return tuple(over[:MOST_QUOTED] or near[:1])


def _evidence(element: Element, document: Document, reading: Reading) -> Iterator[Evidence]:
    for sentence, read in zip(document.sentences, reading.sentences, strict=True):
        if not sentence.is_heading:
            yield quote(document, sentence, read.elements[element])


def _holds_any(found: Evidence, vague: tuple[Evidence, ...]) -> bool:
    return any(found.start <= each.start < found.end for each in vague)
