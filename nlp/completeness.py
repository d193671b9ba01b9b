"""Does the text say what a social worker needs?

Two heads of the reader answer this: the status of each element over the whole text, and which
sentences are evidence for it. By the guide they go together (an element is at least partly met
exactly where some sentence is evidence for it), so :func:`_agreed` settles it where they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    share of the points of the elements that *form* expects. Length plays no part. ``vague`` holds
    the sentences that only name an element: where no other is evidence, it is at most partly met.
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
    ranked = _ranked(element, document, reading)
    threshold = thresholds.elements[element]
    over = [place for place, probability in ranked if probability >= threshold]
    near = [place for place, probability in ranked if probability >= threshold * NEAREST]
    probabilities = reading.status[element]
    status = _agreed(likely_status(probabilities, thresholds), near)
    starts = {each.start for each in vague}
    if vague and status is Status.MET and all(_start(document, p) in starts for p in over):
        status = Status.PARTLY
    expected = form.elements.get(element)
    return ElementFinding(
        element=element,
        status=status,
        probability=probabilities[status],
        expected=expected is not None,
        critical=expected is not None and expected.critical,
        evidence=tuple(
            quote(document, document.sentences[place], reading.sentences[place].elements[element])
            for place in _quoted(status, over, near)
        ),
        vague=vague[:MOST_QUOTED] if status is not Status.MET else (),
    )


def likely_status(probabilities: Mapping[Status, float], thresholds: Thresholds) -> Status:
    """The most probable status, where 'missing' counts ``missing_odds`` times its probability."""
    counted = dict(probabilities)
    counted[Status.MISSING] *= thresholds.missing_odds
    return max(Status, key=lambda each: counted[each])


def _agreed(status: Status, near: Sequence[int]) -> Status:
    """Settle the status where the sentences do not bear it out.

    What no sentence bears out we could not explain: it is said to be a step lower.
    """
    if near or status is Status.MISSING:
        return status
    return Status.PARTLY if status is Status.MET else Status.MISSING


def _quoted(status: Status, over: Sequence[int], near: Sequence[int]) -> Sequence[int]:
    """The places of the best few sentences; the single nearest where none is over the threshold."""
    if status is Status.MISSING:
        return ()
    return over[:MOST_QUOTED] or near[:1]


def _ranked(element: Element, document: Document, reading: Reading) -> list[tuple[int, float]]:
    """The place and probability of every sentence that is not a heading, best first."""
    places = [
        (place, read.elements[element])
        for place, read in enumerate(reading.sentences)
        if not document.sentences[place].is_heading
    ]
    return sorted(places, key=lambda pair: -pair[1])


def _start(document: Document, place: int) -> int:
    return document.sentences[place].start
