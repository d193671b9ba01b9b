"""The words of a reply, put together from fixed sentences, the outcome and the reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from api.clocks import LONDON, say_day
from api.outcomes import load_outcomes
from api.store.references import reference_of
from api.store.tables import Contact, Decision
from nlp.assessment import Assessment
from nlp.domain import Form, Reason, Status
from nlp.guidance import framework_for, load_guidance
from nlp.rule_files import RuleFile, loader_of
from nlp.rule_schemas import RulePart, Words


class EmailText(RulePart):
    """An e-mail that says only that there is an answer."""

    subject: Words
    body: Words


class RepliesFile(RuleFile):
    """``replies.yaml``."""

    referral: Words
    ppn: Words
    outcome_heading: Words
    level: Words
    another_route: Words
    helped_heading: Words
    helped: Words
    next_heading: Words
    disagree: Words
    safety: Words
    email: EmailText


load_replies = loader_of(Path(__file__).parent / "replies.yaml", RepliesFile)


def compose(contact: Contact, decision: Decision, reading: Assessment | None) -> str:
    """Give the words of a reply; without a reading it says nothing of the text's quality."""
    return "\n\n".join(_paragraphs(contact, decision, reading))


def email_text(contact: Contact, *, service: str) -> tuple[str, str]:
    """Give subject and body of an e-mail to the referrer, without a word of the case."""
    words, gaps = (
        load_replies().email,
        {
            "date": _day_of(contact),
            "reference": reference_of(contact.id),
            "service": service,
            "safety": load_replies().safety,
        },
    )
    return words.subject.format(**gaps), words.body.format(**gaps)


def _day_of(contact: Contact) -> str:
    return say_day(contact.received_at.astimezone(LONDON).date())


def _paragraphs(contact: Contact, decision: Decision, reading: Assessment | None) -> Iterator[str]:
    words, outcome = load_replies(), load_outcomes().outcomes[decision.outcome]
    framework = framework_for(reading.level.local.framework if reading else None)
    level = framework.levels[decision.level]
    opening = words.ppn if contact.form is Form.PPN else words.referral
    yield opening.format(date=_day_of(contact))
    level_in_words = words.level.format(level=f"level {level.number}, {level.name.lower()}")
    yield f"{words.outcome_heading}\n{outcome.told} {level_in_words}"
    if decision.notification_inappropriate:
        yield _another_route(words, decision.notification_reasons or ())
    if reading:
        yield from _quality(words, reading)
    yield words.disagree
    yield words.safety


def _another_route(words: RepliesFile, reasons: Sequence[str]) -> str:
    said = load_guidance().reasons.reasons
    return " ".join([words.another_route, *(said[Reason(each)].better_route for each in reasons)])


def _quality(words: RepliesFile, reading: Assessment) -> Iterator[str]:
    """What helped and what to add, by the names of elements: no word of the text itself."""
    labels = load_guidance().prompts.elements
    expected = [each for each in reading.completeness.elements if each.expected]
    met = [labels[each.element].label for each in expected if each.status is Status.MET]
    if met:
        yield "\n".join([words.helped_heading, words.helped, *(f"- {each}" for each in met)])
    if reading.feedback.improve:
        lines = [f"- {each.add} {each.prompt}" for each in reading.feedback.improve]
        yield "\n".join([words.next_heading, *lines])
