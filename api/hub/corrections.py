"""Keep what staff say of a finding: each is a labelled example for the analyst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.intake.scoring import as_assessment
from api.store.codes import CorrectionKind
from api.store.tables import Contact, Correction, StoredAssessment
from nlp.assessment import Assessment, FlagFinding
from nlp.domain import Assertion, Element, Level, NeedDomain, SafetyFlag, Status
from nlp.errors import UnknownChoiceError

PRESENT, ABSENT = "present", "absent"
APPROPRIATE, INAPPROPRIATE = "appropriate", "inappropriate"
LEVEL, NOTIFICATION = "level", "notification"  # the codes of what a contact has one of

CODES: Mapping[CorrectionKind, frozenset[str]] = {
    CorrectionKind.ELEMENT: frozenset(Element),
    CorrectionKind.FLAG: frozenset(SafetyFlag),
    CorrectionKind.LEVEL: frozenset({LEVEL}),
    CorrectionKind.DOMAIN: frozenset(NeedDomain),
    CorrectionKind.NOTIFICATION: frozenset({NOTIFICATION}),
}
ANSWERS: Mapping[CorrectionKind, frozenset[str]] = {
    CorrectionKind.ELEMENT: frozenset(Status),
    CorrectionKind.FLAG: frozenset(Assertion) | {ABSENT},
    CorrectionKind.LEVEL: frozenset(Level),
    CorrectionKind.DOMAIN: frozenset({PRESENT, ABSENT}),
    CorrectionKind.NOTIFICATION: frozenset({APPROPRIATE, INAPPROPRIATE}),
}


@dataclass(frozen=True)
class CorrectionGiven:
    """What a person says of one finding; the same as what was found is agreement.

    ``start`` and ``end`` count code points of the text, and say which of several findings is meant
    or where a missed one stands.
    """

    kind: CorrectionKind
    code: str
    corrected: str
    start: int | None = None
    end: int | None = None


def keep_corrections(
    session: Session,
    contact: Contact,
    stored: StoredAssessment,
    given: Sequence[CorrectionGiven],
    *,
    by: str,
) -> None:
    """Keep each correction beside what was found; *by* is the id of the person.

    Raises:
        UnknownChoiceError: If a code, an answer or a stretch of the text is not a known one.
    """
    assessment = as_assessment(stored)
    for each in given:
        _refuse_unknown(each, characters=contact.characters)
        session.add(
            Correction(
                contact_id=contact.id,
                assessment_id=stored.id,
                made_by=by,
                kind=each.kind,
                code=each.code,
                found=found_for(each, assessment),
                corrected=each.corrected,
                start=each.start,
                end=each.end,
            )
        )


def found_for(given: CorrectionGiven, assessment: Assessment) -> str | None:
    """Give what the assessment said of the thing that was corrected; ``None`` if nothing."""
    match given.kind:
        case CorrectionKind.ELEMENT:
            found = {each.element: each.status for each in assessment.completeness.elements}
            return found.get(Element(given.code))
        case CorrectionKind.LEVEL:
            return assessment.level.likely
        case CorrectionKind.DOMAIN:
            return PRESENT if given.code in _domains(assessment) else None
        case CorrectionKind.NOTIFICATION:
            judged = assessment.notification
            if judged is None:
                return None
            return APPROPRIATE if judged.appropriate else INAPPROPRIATE
        case CorrectionKind.FLAG:
            flag = _flag_meant(given, assessment)
            return flag.assertion if flag else None


def _domains(assessment: Assessment) -> set[str]:
    return {each.domain for each in assessment.need_domains}


def _flag_meant(given: CorrectionGiven, assessment: Assessment) -> FlagFinding | None:
    alike = [each for each in assessment.safety_flags if each.flag == given.code]
    if given.start is not None:
        alike = [each for each in alike if (each.start, each.end) == (given.start, given.end)]
    return alike[0] if alike else None


def _refuse_unknown(given: CorrectionGiven, *, characters: int) -> None:
    if given.code not in CODES[given.kind] or given.corrected not in ANSWERS[given.kind]:
        raise UnknownChoiceError(f"a correction of a {given.kind} holds a code that is not known")
    if given.start is None and given.end is None:
        return
    if given.start is None or given.end is None or not 0 <= given.start < given.end <= characters:
        raise UnknownChoiceError("the words of a correction lie outside the text; mark them again")
