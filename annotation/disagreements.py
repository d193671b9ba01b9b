"""What two or more annotators answered differently, the gravest contacts first, to be settled.

Every label that training takes is compared, so annotators without a disagreement say the same. It
names contacts, codes and places, never words: who settles has the text beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from annotation.comparison import Annotators
from annotation.labels import LabelledContact
from annotation.span_agreement import Span, spans_of
from nlp.domain import Assertion, Element, Level, Status
from nlp.guidance import form_for

# Two levels apart is grave, and so is child protection that one annotator does not see.
_FAR = 2
_PRESENT = f":{Assertion.PRESENT}"
LEVEL, NOTIFICATION, STATUS, SENTENCE = "level", "notification", "status", "sentence"
NOT_MARKED = "not marked"

# How grave a contact's disagreements are, the gravest thing first.
Gravity = tuple[bool, int, int, bool, bool, int]


@dataclass(frozen=True)
class Disagreement:
    """One question about a contact: what each annotator answered, by name.

    ``start`` and ``end`` are code points of the text; None where the question is of the whole.
    """

    contact: str
    question: str
    answers: Mapping[str, str]
    start: int | None = None
    end: int | None = None

    @property
    def asked(self) -> str:
        """The question and its place, in plain text."""
        place = "" if self.start is None else f" at {self.start} to {self.end}"
        return f"{self.question}{place}"

    @property
    def told(self) -> str:
        """The question, its place and who answered what, in plain text."""
        answers = ", ".join(f"{who} {answer}" for who, answer in self.answers.items())
        return f"{self.asked}: {answers}"


def find_disagreements(people: Annotators) -> tuple[Disagreement, ...]:
    """Give the queue: the gravest contact first, within a contact by question and place.

    First come contacts whose level is two apart or child protection for some alone; then by how
    many present flags are in dispute, how many critical elements are missing for some and met for
    others, then a PPN's judgement, the level, and how many there are.
    """
    queue = []
    for name in sorted({each for contacts in people.values() for each in contacts}):
        answered = {who: contacts[name] for who, contacts in people.items() if name in contacts}
        found = compare_answers(name, answered)
        if found:
            queue.append((_gravity(found, answered), found))
    queue.sort(key=lambda each: each[0], reverse=True)
    return tuple(each for _, found in queue for each in found)


def compare_answers(name: str, answered: Mapping[str, LabelledContact]) -> tuple[Disagreement, ...]:
    """Give what those who answered, by their names, say differently of one contact."""
    return tuple(_of_contact(name, answered)) if len(answered) > 1 else ()


def write_queue(queue: Sequence[Disagreement]) -> str:
    """Give the queue in plain text, a disagreement a line."""
    lines = [f"{each.contact}  {each.told}" for each in queue]
    contacts = len({each.contact for each in queue})
    return "\n".join([*lines, f"{len(queue)} disagreements on {contacts} contacts"])


def to_lines(queue: Sequence[Disagreement]) -> str:
    """Give the queue as JSON Lines."""
    return "".join(json.dumps(asdict(each)) + "\n" for each in queue)


def _of_contact(name: str, answered: Mapping[str, LabelledContact]) -> Iterator[Disagreement]:
    for question, answer in _questions():
        answers = {who: answer(contact) for who, contact in answered.items()}
        if len(set(answers.values())) > 1:
            yield Disagreement(name, question, answers)
    marks = {who: spans_of(contact) | _sentences(contact) for who, contact in answered.items()}
    for start, end, label in sorted(frozenset[Span]().union(*marks.values())):
        answers = {
            who: label if (start, end, label) in spans else NOT_MARKED
            for who, spans in marks.items()
        }
        if NOT_MARKED in answers.values():
            yield Disagreement(name, label, answers, start, end)


def _sentences(contact: LabelledContact) -> frozenset[Span]:
    """Where the sentences stand, with or without labels."""
    return frozenset((each.start, each.end, SENTENCE) for each in contact.sentences)


def _questions() -> Iterator[tuple[str, Callable[[LabelledContact], str]]]:
    yield LEVEL, lambda contact: contact.level
    yield "alternative level", lambda contact: contact.alternative_level or "none"
    yield "certainty", lambda contact: contact.certainty
    yield "urgency", lambda contact: contact.urgency
    yield "domains", lambda contact: " ".join(sorted(contact.domains)) or "none"
    yield NOTIFICATION, _notification
    for element in Element:
        yield f"{STATUS} {element}", _status(element)


def _status(element: Element) -> Callable[[LabelledContact], str]:
    return lambda contact: contact.status[element]


def _notification(contact: LabelledContact) -> str:
    if contact.notification is None:
        return "none"
    if contact.notification.appropriate:
        return "appropriate"
    return " ".join(["inappropriate", *sorted(contact.notification.reasons)])


def _gravity(found: Sequence[Disagreement], answered: Mapping[str, LabelledContact]) -> Gravity:
    levels = {contact.level for contact in answered.values()}
    numbers = [level.number for level in levels]
    far = max(numbers) - min(numbers) >= _FAR
    missed = Level.CHILD_PROTECTION in levels and len(levels) > 1
    judged = any(each.question == NOTIFICATION for each in found)
    flags = sum(each.question.endswith(_PRESENT) for each in found)
    critical = _critical_in_dispute(tuple(answered.values()))
    return far or missed, flags, critical, judged, len(levels) > 1, len(found)


def _critical_in_dispute(answered: Sequence[LabelledContact]) -> int:
    """How many elements that the form cannot do without are missing for some, met for others."""
    expected = form_for(answered[0].form).elements
    disputed = {Status.MISSING, Status.MET}
    return sum(
        disputed <= {contact.status[element] for contact in answered}
        for element, asked in expected.items()
        if asked.critical
    )
