"""Does a police notification look appropriate for the hub, and if not, why? A person confirms."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.assessment import NotificationFinding, ReasonFinding
from nlp.domain import Level, Reason
from nlp.reading import Reading, Thresholds
from nlp.wording import ReasonsFile

SERIOUS = (Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)


def find_notification(
    reading: Reading,
    *,
    level: Level,
    never_because: str | None,
    thresholds: Thresholds,
    wording: ReasonsFile,
) -> NotificationFinding | None:
    """Judge a notification; ``None`` for a referral.

    One that a rule says is never inappropriate is not, whatever the reader says. Nor is one that
    reads as level 3 or 4, save where it repeats what the allocated worker has.
    """
    probability = reading.inappropriate
    if probability is None:
        return None
    reasons = _reasons(reading, thresholds)
    if never_because is None and level in SERIOUS:
        reasons = [each for each in reasons if each is Reason.ALREADY_OPEN_NO_NEW_INFORMATION]
        never_because = None if reasons else wording.serious_level
    appropriate = never_because is not None or probability < thresholds.inappropriate
    return NotificationFinding(
        appropriate=appropriate,
        probability_inappropriate=probability,
        reasons=() if appropriate else tuple(_say(each, reading, wording) for each in reasons),
        never_inappropriate_because=never_because,
    )


def _reasons(reading: Reading, thresholds: Thresholds) -> Sequence[Reason]:
    """The reasons over their thresholds, or the one most probable; most probable first."""
    ranked = sorted(Reason, key=lambda reason: -reading.reasons[reason])
    over = [each for each in ranked if reading.reasons[each] >= thresholds.reasons[each]]
    return over or ranked[:1]


def _say(reason: Reason, reading: Reading, wording: ReasonsFile) -> ReasonFinding:
    text = wording.reasons[reason]
    return ReasonFinding(
        reason=reason,
        probability=reading.reasons[reason],
        explanation=f"{text.explanation} {text.better_route}",
        may_be_wrong=text.may_be_wrong,
    )
