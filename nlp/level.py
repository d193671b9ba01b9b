"""What level of need the text reads like, and what else it could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlp.assessment import Evidence, FlagFinding, LevelFinding, LocalLevel
from nlp.domain import LEVELS, Assertion, Certainty, Document, Element, Level
from nlp.frameworks import Framework
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds

MOST_QUOTED = 5
TELLING = (Element.CONCERN, Element.IMPACT_ON_CHILD, Element.ANALYSIS)


def find_level(
    document: Document,
    reading: Reading,
    *,
    flags: Sequence[FlagFinding],
    framework: Framework,
    thresholds: Thresholds,
) -> LevelFinding:
    """Give the likely level, its probabilities (which sum to 1) and the plausible set.

    The plausible set is contiguous, holds the likely level and, where a flag is present,
    ``child_protection``.
    """
    likely = likely_level(reading.level, thresholds)
    local = framework.levels[likely]
    return LevelFinding(
        likely=likely,
        probabilities=dict(reading.level),
        plausible=_plausible(reading, likely, alert=any_present(flags)),
        certainty=max(Certainty, key=lambda each: reading.certainty[each]),
        local=LocalLevel(framework=framework.code, number=local.number, name=local.name),
        evidence=_evidence(document, reading, flags, thresholds),
    )


def likely_level(probabilities: Mapping[Level, float], thresholds: Thresholds) -> Level:
    """The level that is said: the most probable, and the higher of two that are equal.

    Child protection counts ``protection_odds`` times its probability, for to call it lower costs a
    child more than to call so what is not.
    """
    counted = dict(probabilities)
    counted[Level.CHILD_PROTECTION] *= thresholds.protection_odds
    return max(LEVELS, key=lambda level: (counted[level], level.number))


def any_present(flags: Sequence[FlagFinding]) -> bool:
    """Does any safety flag hold, now, for this child or carer?"""
    return any(flag.assertion is Assertion.PRESENT for flag in flags)


def _plausible(reading: Reading, likely: Level, *, alert: bool) -> tuple[Level, ...]:
    held = {*reading.plausible, likely}
    if alert:
        held.add(Level.CHILD_PROTECTION)
    numbers = [level.number for level in held]
    return tuple(level for level in LEVELS if min(numbers) <= level.number <= max(numbers))


def _evidence(
    document: Document,
    reading: Reading,
    flags: Sequence[FlagFinding],
    thresholds: Thresholds,
) -> tuple[Evidence, ...]:
    """Flagged words first, then the sentences that say most of the concern and its weight."""
    flagged = list(dict.fromkeys(_flagged(flags)))[:MOST_QUOTED]
    telling = _telling(document, reading, thresholds)
    ranked = sorted(telling, key=lambda found: -(found.probability or 0))
    others = [found for found in ranked if not any(_overlap(found, flag) for flag in flagged)]
    return tuple([*flagged, *others][:MOST_QUOTED])


def _flagged(flags: Sequence[FlagFinding]) -> Iterator[Evidence]:
    for flag in flags:
        if flag.assertion is Assertion.PRESENT:
            yield Evidence(
                start=flag.start, end=flag.end, quote=flag.quote, probability=flag.probability
            )


def _telling(document: Document, reading: Reading, thresholds: Thresholds) -> Iterator[Evidence]:
    for sentence, read in zip(document.sentences, reading.sentences, strict=True):
        over = [read.elements[e] for e in TELLING if read.elements[e] >= thresholds.elements[e]]
        if over and not sentence.is_heading:
            yield quote(document, sentence, max(over))


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end
