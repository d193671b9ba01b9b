"""Does an assessment say what it must, and stand to another as it must?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.behaviour.schemas import Expected, Relation
from nlp.assessment import Assessment
from nlp.domain import Assertion, SafetyFlag

MOST_POINTS = 5
"""By how much padding may raise the completeness score (issue 3: gaming)."""


@dataclass(frozen=True)
class Verdict:
    """One thing checked; ``said`` is what was found, in a few words."""

    check: str
    passed: bool
    said: str


def check_expected(expected: Expected, found: Assessment) -> Iterator[Verdict]:
    """Check everything that *expected* gives."""
    for flag, assertion in expected.flags.items():
        yield from _check_flag(flag, assertion, found)
    for flag in expected.not_raised:
        yield Verdict("not_raised", flag not in _present(found), _said_of(flag, found))
    if expected.level:
        likely = found.level.likely
        yield Verdict("level", likely in expected.level, likely)
    if expected.plausible:
        held = found.level.plausible
        yield Verdict("plausible", expected.plausible in held, ", ".join(held))
    if expected.urgency:
        rating = found.urgency.rating
        yield Verdict("urgency", rating in expected.urgency, rating)
    if expected.appropriate is not None:
        said = _appropriate(found)
        yield Verdict("appropriate", said is expected.appropriate, f"appropriate: {said}")
    if expected.score_at_most is not None:
        score = found.completeness.score
        yield Verdict("score", score <= expected.score_at_most, f"score {score}")


def _check_flag(flag: SafetyFlag, assertion: Assertion, found: Assessment) -> Iterator[Verdict]:
    raised, said = flag in _present(found), _said_of(flag, found)
    if assertion is Assertion.PRESENT:
        yield Verdict("raised", raised, said)
        return
    yield Verdict("not_raised", not raised, said)
    judged = {each.assertion for each in found.safety_flags if each.flag is flag}
    yield Verdict("assertion", assertion in judged, said)


def _present(found: Assessment) -> frozenset[SafetyFlag]:
    return frozenset(f.flag for f in found.safety_flags if f.assertion is Assertion.PRESENT)


def _said_of(flag: SafetyFlag, found: Assessment) -> str:
    judged = sorted({each.assertion for each in found.safety_flags if each.flag is flag})
    return f"{flag}: {', '.join(judged) or 'not found'}"


def _appropriate(found: Assessment) -> bool | None:
    return None if found.notification is None else found.notification.appropriate


def check_relation(relation: Relation, before: Assessment, after: Assessment) -> Iterator[Verdict]:
    """Check how *after* stands to *before*; each element counts as a test of its own."""
    if relation is Relation.SAME_ELEMENTS:
        yield from _same_elements(before, after)
        return
    said = f"{_say(relation, before)} → {_say(relation, after)}"
    yield Verdict(relation, _holds(relation, before, after), said)


def _same_elements(before: Assessment, after: Assessment) -> Iterator[Verdict]:
    pairs = zip(before.completeness.elements, after.completeness.elements, strict=True)
    for one, other in pairs:
        said = f"{one.element}: {one.status} → {other.status}"
        yield Verdict(Relation.SAME_ELEMENTS, one.status is other.status, said)


def _holds(relation: Relation, before: Assessment, after: Assessment) -> bool:
    first, second = before.level.likely.number, after.level.likely.number
    holds = {
        Relation.SAME_LEVEL: first == second,
        Relation.LEVEL_NOT_LOWER: second >= first,
        Relation.SAME_FLAGS: _present(before) == _present(after),
        Relation.FLAGS_KEPT: _present(before) <= _present(after),
        Relation.NO_NEW_FLAGS: _present(after) <= _present(before),
        Relation.SAME_URGENCY: before.urgency.rating is after.urgency.rating,
        Relation.SAME_APPROPRIATE: _appropriate(before) is _appropriate(after),
        Relation.STAYS_APPROPRIATE: _appropriate(after) is not False,
        Relation.SCORE_NOT_RAISED: after.completeness.score
        <= before.completeness.score + MOST_POINTS,
    }
    return holds[relation]


def _say(relation: Relation, found: Assessment) -> str:
    match relation:
        case Relation.SAME_LEVEL | Relation.LEVEL_NOT_LOWER:
            return found.level.likely
        case Relation.SAME_FLAGS | Relation.FLAGS_KEPT | Relation.NO_NEW_FLAGS:
            return ", ".join(sorted(_present(found))) or "no flags"
        case Relation.SAME_APPROPRIATE | Relation.STAYS_APPROPRIATE:
            return f"appropriate: {_appropriate(found)}"
        case Relation.SAME_URGENCY:
            return found.urgency.rating
        case _:
            return f"score {found.completeness.score}"
