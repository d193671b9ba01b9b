"""An assessment as the row of codes and figures that a comparison needs of it."""

from __future__ import annotations

from api.store.tables import SilentAnswer
from nlp.assessment import Assessment
from nlp.domain import Assertion


def answer_of(
    assessment: Assessment, *, contact_id: str, reader: str, served: bool
) -> SilentAnswer:
    """Give the row for one contact; *reader* is the silent one, whether or not it is *served*."""
    level, judged = assessment.level, assessment.notification
    present = {f.flag for f in assessment.safety_flags if f.assertion is Assertion.PRESENT}
    return SilentAnswer(
        contact_id=contact_id,
        reader=reader,
        served=served,
        answered_by=assessment.provenance.reader,
        rulebook=assessment.provenance.rulebook,
        level=level.likely,
        probabilities={each.value: round(p, 4) for each, p in level.probabilities.items()},
        lowest_level=level.plausible[0],
        highest_level=level.plausible[-1],
        urgency=assessment.urgency.rating,
        statuses={e.element.value: e.status.value for e in assessment.completeness.elements},
        flags=sorted(flag.value for flag in present),
        inappropriate=None if judged is None else not judged.appropriate,
        inappropriate_probability=judged and round(judged.probability_inappropriate, 4),
        reasons=[each.reason.value for each in judged.reasons] if judged else [],
    )
