"""Read a contact without some of its sentences, and answer for all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from nlp.domain import Document, Element
from nlp.reading import Reading, SentenceReading


def without(document: Document, aside: Collection[int]) -> Document:
    """Give *document* less the sentences at *aside*; where the others stand is as it was."""
    kept = (s for place, s in enumerate(document.sentences) if place not in aside)
    return replace(document, sentences=tuple(kept))


def with_all(reading: Reading, aside: Collection[int]) -> Reading:
    """Give a reading of what was kept as one of the whole: what was set aside says nothing."""
    if not aside:
        return reading
    count = len(reading.sentences) + len(aside)
    nothing = _saying_nothing(reading)
    sentences, weights = [nothing] * count, {need: [0.0] * count for need in reading.weights}
    kept = [place for place in range(count) if place not in aside]
    for at, place in enumerate(kept):
        sentences[place] = reading.sentences[at]
        for need, shares in reading.weights.items():
            weights[need][place] = shares[at]
    return replace(reading, sentences=tuple(sentences), weights=weights, not_read=frozenset(aside))


def with_none(reading: Reading) -> Reading:
    """Give a reading of a whole of which no sentence says anything: no need, and no evidence."""
    count = len(reading.sentences)
    return replace(
        reading,
        sentences=(_saying_nothing(reading),) * count,
        domains=dict.fromkeys(reading.domains, 0.0),
        weights={need: [0.0] * count for need in reading.weights},
        not_read=frozenset(range(count)),
    )


def _saying_nothing(reading: Reading) -> SentenceReading:
    flags = next((sentence.flags for sentence in reading.sentences), {})
    return SentenceReading(dict.fromkeys(Element, 0.0), dict.fromkeys(flags, 0.0))
