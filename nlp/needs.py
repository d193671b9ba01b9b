"""Which needs the text raises, and the sentences that weighed most in saying so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.assessment import DomainFinding, Evidence
from nlp.domain import Document, NeedDomain
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds

MOST_QUOTED = 3
# A sentence that adds less than this to the heaviest's one is not what the answer came from.
LEAST_OF_HEAVIEST = 0.5


def find_needs(
    document: Document, reading: Reading, thresholds: Thresholds
) -> tuple[DomainFinding, ...]:
    """Give the needs over their thresholds, most probable first."""
    over = [each for each in NeedDomain if reading.domains[each] >= thresholds.domains[each]]
    over.sort(key=lambda domain: -reading.domains[domain])
    return tuple(
        DomainFinding(
            domain=each,
            probability=reading.domains[each],
            evidence=tuple(_heaviest(document, reading.weights.get(each, ()))),
        )
        for each in over
    )


def _heaviest(document: Document, weights: Sequence[float]) -> Iterator[Evidence]:
    """Quote the few sentences that add most; none where none speaks for the need."""
    told = [
        (weight, sentence)
        for weight, sentence in zip(weights, document.sentences, strict=bool(weights))
        if weight > 0 and not sentence.is_heading
    ]
    told.sort(key=lambda each: -each[0])
    for weight, sentence in told[:MOST_QUOTED]:
        if weight >= LEAST_OF_HEAVIEST * told[0][0]:
            yield quote(document, sentence, None)
