"""Safety flags by rule, and the conditions under which no notification is inappropriate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nlp.assessment import FlagFinding
from nlp.context import Fact, assertion_of
from nlp.dates import written_in
from nlp.domain import Assertion, Contact, Document, SafetyFlag, Sentence
from nlp.matching import Match, any_found
from nlp.patterns import words_of
from nlp.people import People
from nlp.rules import FlagRule, NeverRule, Rulebook


@dataclass(frozen=True)
class _Reading:
    """A document's words, sentence by sentence, as rules read them."""

    document: Document
    sentences: tuple[str, ...]
    people: People
    _fits: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def whole(self) -> str:
        """The words of the whole contact; sentences stay apart."""
        return ";".join(self.sentences)

    def around(self, number: int) -> str:
        """The words of a sentence and its neighbours."""
        return ";".join(self.sentences[max(0, number - 1) : number + 2])

    def answered(self, number: int) -> str:
        """The words of a sentence, with those of the next where it asks: 'Weapons? No.'."""
        asks = self.document.sentences[number].text.rstrip().endswith("?")
        return "".join(self.sentences[number : number + 1 + asks])

    def fits(self, rule: FlagRule) -> bool:
        """Whether the whole contact says what *rule* asks of it; looked up once a rule."""
        if rule.id not in self._fits:
            self._fits[rule.id] = (
                not rule.contact or any_found(rule.contact, self.whole)
            ) and not any_found(rule.unless_contact, self.whole)
        return self._fits[rule.id]


def _read(document: Document, rulebook: Rulebook) -> _Reading:
    sentences = tuple(words_of(sentence.text) for sentence in document.sentences)
    return _Reading(document, sentences, People(document.text, sentences, rulebook.people))


def find_flags(document: Document, rulebook: Rulebook) -> tuple[FlagFinding, ...]:
    """Give every safety flag that a rule finds, with its assertion, in order of the text.

    A sentence has one finding for each flag and assertion: that of the first rule to make it.
    """
    reading = _read(document, rulebook)
    written = written_in(reading.whole, not_before=rulebook.context.written_after)
    return tuple(
        _finding(document, sentence, flag, assertion, rule)
        for number, sentence in enumerate(document.sentences)
        for (flag, assertion), rule in _in_sentence(reading, number, rulebook, written).items()
    )


def _in_sentence(
    reading: _Reading, number: int, rulebook: Rulebook, written: int
) -> dict[tuple[SafetyFlag, Assertion], str]:
    words, answered = reading.sentences[number], reading.answered(number)
    found: dict[tuple[SafetyFlag, Assertion], str] = {}
    holding: dict[str, bool] = {}
    for match in rulebook.flags.find(words):
        rule = match.key
        if rule.id not in holding:
            holding[rule.id] = _holds(rule, reading, number)
        if holding[rule.id] and _about(match, reading, number):
            for flag in rule.flags:
                judged = _judge(flag, match, answered, rulebook, written)
                found.setdefault((flag, judged), rule.id)
    return found


def _holds(rule: FlagRule, reading: _Reading, number: int) -> bool:
    """Whether the sentences around and the whole contact say what the rule asks of them."""
    near = not rule.nearby or any_found(rule.nearby, reading.around(number))
    return near and reading.fits(rule)


def _about(match: Match[FlagRule], reading: _Reading, number: int) -> bool:
    """Is it said of the person the rule asks about, or of nobody that the text places?"""
    rule = match.key.text
    if rule.unless_about and reading.people.last_named(number, match.start) is rule.unless_about:
        return False
    if rule.about is None:
        return True
    return reading.people.about(number, match.start, match.end) in {rule.about, None}


def _judge(
    flag: SafetyFlag, match: Match[FlagRule], words: str, rulebook: Rulebook, written: int
) -> Assertion:
    rule = match.key
    if rule.text.assertion is not None:
        return rule.text.assertion
    fact = Fact(flag, words, match.start, match.end)
    return assertion_of(fact, rulebook.context, written=written, ignore=rule.text.ignore)


def _finding(
    document: Document, sentence: Sentence, flag: SafetyFlag, assertion: Assertion, rule: str
) -> FlagFinding:
    return FlagFinding(
        flag=flag,
        assertion=assertion,
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        source="rule",
        rule=rule,
    )


def never_inappropriate(
    contact: Contact, document: Document, flags: Sequence[FlagFinding], rulebook: Rulebook
) -> str | None:
    """Say why a notification may not be called inappropriate, or ``None``.

    The conditions are those of ``never_inappropriate.yaml``: a child under one, an unborn child,
    a safety flag that is present, a third contact in twelve months.
    """
    words = _read(document, rulebook).sentences
    for rule in rulebook.never_inappropriate:
        if _applies(rule, contact, words, flags):
            return rule.text.because
    return None


def _applies(
    rule: NeverRule, contact: Contact, sentences: Sequence[str], flags: Sequence[FlagFinding]
) -> bool:
    if rule.text.flag_present and any(f.assertion is Assertion.PRESENT for f in flags):
        return True
    counted, fewest = contact.earlier_contacts, rule.text.earlier_contacts
    if counted is not None and fewest is not None and counted >= fewest:
        return True
    return any(any_found(rule.patterns, words) for words in sentences)
