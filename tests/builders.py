"""Build the values that tests need, each with sensible defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from nlp.assessment import FlagFinding
from nlp.domain import (
    Agency,
    Assertion,
    Certainty,
    Contact,
    Document,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Section,
    Sentence,
    Status,
    Urgency,
)
from nlp.reading import Reading, SentenceReading, Thresholds

CERTAIN = 0.9
UNLIKELY = 0.02


def make_contact(
    text: str = "Ava told staff that she is hungry.",
    *,
    form: Form = Form.REFERRAL,
    agency: Agency | None = Agency.SCHOOL,
    earlier_contacts: int | None = None,
) -> Contact:
    return Contact(text=text, form=form, agency=agency, earlier_contacts=earlier_contacts)


def make_document(*sentences: str, headings: Sequence[str] = ()) -> Document:
    """A document of *sentences*, one to a line; those also in *headings* are headings."""
    text, found = "", []
    for words in sentences:
        start = len(text)
        text += f"{words}\n"
        found.append(
            Sentence(start, start + len(words), words.lower(), is_heading=words in headings)
        )
    return Document(text, (Section(None, None, 0, len(text)),), tuple(found))


def make_reading(
    document: Document | None = None,
    *,
    evidence: Mapping[Element, Mapping[int, float]] | None = None,
    flags: Mapping[int, Mapping[SafetyFlag, float]] | None = None,
    status: Mapping[Element, Status] | None = None,
    level: Mapping[Level, float] | None = None,
    plausible: Sequence[Level] = (Level.EARLY_HELP,),
    urgency: Urgency = Urgency.GREEN,
    inappropriate: float | None = None,
    reasons: Mapping[Reason, float] | None = None,
) -> Reading:
    """A reading of *document*; ``evidence`` and ``flags`` name sentences by their place.

    A flag is as probable in the contact as in its surest sentence.
    """
    sentences = document.sentences if document else ()
    evidence, status = evidence or {}, status or {}
    said = dict.fromkeys(Reason, UNLIKELY) | dict(reasons or {})
    return Reading(
        sentences=tuple(
            SentenceReading(
                elements={e: evidence.get(e, {}).get(place, UNLIKELY) for e in Element},
                flags=(flags or {}).get(place, {}),
            )
            for place in range(len(sentences))
        ),
        status={e: _peak(status.get(e, Status.MISSING)) for e in Element},
        level=level or {each: 0.7 if each is Level.EARLY_HELP else 0.1 for each in Level},
        plausible=tuple(plausible),
        certainty={each: float(each is Certainty.CLEAR) for each in Certainty},
        domains=dict.fromkeys(NeedDomain, UNLIKELY),
        urgency={each: CERTAIN if each is urgency else UNLIKELY for each in Urgency},
        flags={
            flag: max(said.get(flag, 0.0) for said in (flags or {}).values())
            for flag in chain.from_iterable((flags or {}).values())
        },
        inappropriate=inappropriate,
        reasons=said if inappropriate is not None else {},
    )


def make_thresholds(threshold: float = 0.5) -> Thresholds:
    return Thresholds(
        elements=dict.fromkeys(Element, threshold),
        domains=dict.fromkeys(NeedDomain, threshold),
        reasons=dict.fromkeys(Reason, threshold),
        inappropriate=threshold,
        flags=dict.fromkeys(SafetyFlag, threshold),
        likeliest_from=threshold,
        seen_from=threshold,
    )


def make_flag(
    flag: SafetyFlag = SafetyFlag.STRANGULATION,
    assertion: Assertion = Assertion.PRESENT,
    *,
    start: int = 0,
    quote: str = "hands round her neck",
) -> FlagFinding:
    return FlagFinding(
        flag=flag,
        assertion=assertion,
        start=start,
        end=start + len(quote),
        quote=quote,
        source="rule",
        rule=f"flag.{flag}.test",
    )


def _peak(peak: Status) -> dict[Status, float]:
    return {each: 0.8 if each is peak else 0.1 for each in Status}
