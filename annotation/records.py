"""What one line of a corpus file must hold, and everything that is wrong with it.

No message carries words of a contact: mistakes are told by record, field and sentence number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annotation.json_lines import mistakes_of_form
from annotation.labels import (
    LabelledContact,
    LabelledFlag,
    LabelledNotification,
    LabelledSentence,
)
from nlp.domain import (
    LEVELS,
    STATUSES,
    Agency,
    Assertion,
    Certainty,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)

AUTHOR_CHARACTERS = 3

Points = Annotated[int, Field(ge=0, le=2)]
LevelNumber = Annotated[int, Field(ge=1, le=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FlagRecord(_Part):
    """A flag on a sentence."""

    flag: SafetyFlag
    assertion: Assertion


class SentenceRecord(_Part):
    """A labelled stretch of the text; half-open, in code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    elements: tuple[Element, ...]
    flags: tuple[FlagRecord, ...]


class NotificationRecord(_Part):
    """The labels that only a PPN has."""

    appropriate: bool
    reasons: tuple[Reason, ...]


class WholeRecord(_Part):
    """What is labelled of any contact: its sentences, and the contact as a whole."""

    id: str = Field(pattern=r"^[A-Z]{2}[0-9A-Z]{2,}$")
    form: Form
    agency: Agency
    role: str
    text: str = Field(min_length=1)
    spans: tuple[SentenceRecord, ...] = Field(min_length=1)
    level: LevelNumber
    alt_level: LevelNumber | None
    certainty: Certainty
    urgency: Urgency
    domains: tuple[NeedDomain, ...]
    ppn: NotificationRecord | None


class ContactRecord(WholeRecord):
    """One line of a corpus file."""

    status: dict[Element, Points]
    people: tuple[str, ...]


class ContrastRecord(WholeRecord):
    """One line of a file of contrast sets; the id is writer, family and version."""

    id: str = Field(pattern=r"^C[A-Z][0-9A-Z]\d{2}[A-H]$")


Parsed = tuple[LabelledContact | None, tuple[str, ...]]


def parse_record(content: Any) -> Parsed:
    """Give the labelled contact of one record, or else every mistake in it.

    Mistakes of form (a field missing, an unknown code) are told first; only a record free of
    them is held against the annotation guide.
    """
    return _parse(content, ContactRecord)


def parse_contrast(content: Any) -> Parsed:
    """Give the contact, without elements, of one record of contrast sets; as `parse_record`."""
    return _parse(content, ContrastRecord)


def _parse(content: Any, kind: type[WholeRecord]) -> Parsed:
    try:
        record = kind.model_validate(content)
    except ValidationError as error:
        return None, tuple(mistakes_of_form(error))
    mistakes = tuple(_mistakes_of_sense(record))
    return (None, mistakes) if mistakes else (_to_contact(record), ())


def to_record(contact: LabelledContact) -> dict[str, Any]:
    """Give the record of a contact as a corpus file holds it, with sets in the guide's order."""
    notification = contact.notification
    return {
        "id": contact.id,
        "form": contact.form.value,
        "agency": contact.agency.value,
        "role": contact.role,
        "text": contact.text,
        "spans": [
            {
                "start": sentence.start,
                "end": sentence.end,
                "elements": [e.value for e in Element if e in sentence.elements],
                "flags": [
                    {"flag": marked.flag.value, "assertion": marked.assertion.value}
                    for marked in sentence.flags
                ],
            }
            for sentence in contact.sentences
        ],
        "status": {e.value: contact.status[e].points for e in Element if e in contact.status},
        "level": contact.level.number,
        "alt_level": contact.alternative_level.number if contact.alternative_level else None,
        "certainty": contact.certainty.value,
        "urgency": contact.urgency.value,
        "domains": [d.value for d in NeedDomain if d in contact.domains],
        "ppn": None
        if notification is None
        else {
            "appropriate": notification.appropriate,
            "reasons": [r.value for r in Reason if r in notification.reasons],
        },
        "people": list(contact.people),
    }


def _mistakes_of_sense(record: WholeRecord) -> Iterator[str]:
    yield from _mistakes_of_sentences(record)
    if isinstance(record, ContactRecord):
        yield from _mistakes_of_status(record)
    yield from _mistakes_of_notification(record)
    if record.alt_level == record.level:
        yield "alt_level: is the level itself; give another level or null"
    for name, codes in (
        ("domains", record.domains),
        ("ppn.reasons", record.ppn.reasons if record.ppn else ()),
    ):
        if len(set(codes)) < len(codes):
            yield f"{name}: a code stands twice; keep one"


def _mistakes_of_sentences(record: WholeRecord) -> Iterator[str]:
    reached = 0
    for number, span in enumerate(record.spans):
        where = f"spans.{number}"
        if not span.start < span.end <= len(record.text):
            yield f"{where}: must lie inside the text of {len(record.text)} code points"
        elif span.start < reached:
            yield f"{where}: starts before the one before it ends; put them in order, apart"
        elif record.text[reached : span.start].strip():
            yield f"{where}: words before it belong to no sentence; label every word"
        elif not record.text[span.start : span.end].strip():
            yield f"{where}: holds no words"
        reached = max(reached, span.end)
    if record.text[reached:].strip():
        yield f"spans.{len(record.spans) - 1}: words after it belong to no sentence"


def _mistakes_of_status(record: ContactRecord) -> Iterator[str]:
    evident = {element for span in record.spans for element in span.elements}
    for element in Element:
        if element not in record.status:
            yield f"status.{element}: is missing; give 0, 1 or 2"
        elif record.status[element] > 0 and element not in evident:
            yield f"status.{element}: is not missing, yet no sentence is marked as its evidence"
        elif record.status[element] == 0 and element in evident:
            yield f"status.{element}: is missing, yet a sentence is marked as its evidence"


def _mistakes_of_notification(record: WholeRecord) -> Iterator[str]:
    if record.ppn is None:
        if record.form is Form.PPN:
            yield "ppn: is null on a PPN; say whether it is appropriate"
        return
    if record.form is not Form.PPN:
        yield "ppn: must be null on a referral"
    if record.ppn.appropriate == bool(record.ppn.reasons):
        yield "ppn.reasons: an inappropriate PPN has one or more, an appropriate PPN none"
    known = Reason.ALREADY_OPEN_NO_NEW_INFORMATION in record.ppn.reasons
    if not record.ppn.appropriate and record.level >= Level.CHILD_IN_NEED.number and not known:
        yield "ppn.appropriate: level 3 or 4 is never inappropriate, save where already open"


def _to_contact(record: WholeRecord) -> LabelledContact:
    """Without status and people where they are not labelled."""
    full = record if isinstance(record, ContactRecord) else None
    return LabelledContact(
        id=record.id,
        author=record.id[:AUTHOR_CHARACTERS],
        form=record.form,
        agency=record.agency,
        role=record.role,
        text=record.text,
        sentences=tuple(_to_sentence(span) for span in record.spans),
        status={e: STATUSES[full.status[e]] for e in Element} if full else {},
        level=LEVELS[record.level - 1],
        alternative_level=None if record.alt_level is None else LEVELS[record.alt_level - 1],
        certainty=record.certainty,
        urgency=record.urgency,
        domains=frozenset(record.domains),
        notification=None
        if record.ppn is None
        else LabelledNotification(record.ppn.appropriate, frozenset(record.ppn.reasons)),
        people=full.people if full else (),
    )


def _to_sentence(span: SentenceRecord) -> LabelledSentence:
    return LabelledSentence(
        start=span.start,
        end=span.end,
        elements=frozenset(span.elements),
        flags=tuple(LabelledFlag(marked.flag, marked.assertion) for marked in span.flags),
    )
