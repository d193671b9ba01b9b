"""Whether a fact found in a sentence holds: now, for this child, and at all.

After ConText (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002): cues to the left or right of
a fact settle its assertion unless a stop word stands between. Ours adds dates, cues that belong
to one flag, and cues that touch the fact itself: one inside it says nothing of it ('no insulin'),
one that begins before it and runs into it settles it ('her cousin was strangled').
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.dates import DateMention, dates_in
from nlp.domain import Assertion, SafetyFlag
from nlp.matching import Match
from nlp.patterns import STOP
from nlp.rule_schemas import CueText
from nlp.rules import Context

_CLAUSE_ENDS = frozenset({STOP, ":"})
# A clause is read no further than this from the fact, so that a text without any stops
# takes no longer than one with them.
FARTHEST = 400
LONG_AGO = 12
"""Months after which a fact is historic (guide, section 4: over a year)."""


@dataclass(frozen=True)
class Fact:
    """A flagged fact: where it stands in a sentence's words."""

    flag: SafetyFlag
    words: str
    start: int
    end: int


def assertion_of(
    fact: Fact, context: Context, *, written: int, ignore: tuple[Assertion, ...] = ()
) -> Assertion:
    """Judge *fact* by the words around it.

    *written* is the month the contact was written in, as :func:`nlp.dates.written_in` gives it;
    *ignore* names judgements that cannot be made of it.
    """
    settled = set(_settled(fact, context, written)) - set(ignore)
    for assertion in context.order:
        if assertion in settled:
            return assertion
    return Assertion.PRESENT


def _settled(fact: Fact, context: Context, written: int) -> Iterator[Assertion]:
    low, high = max(0, fact.start - FARTHEST), fact.end + FARTHEST
    # A sentence ends a clause whether or not its full stop is written.
    window = f"{fact.words[low:high]}{STOP} "
    start, end = fact.start - low, fact.end - low
    yield from (match.key for match in context.by_flag[fact.flag].find(window))
    yield from _by_cues(window, start, end, context)
    if _long_ago(window, start, end, written):
        yield Assertion.HISTORIC


def _by_cues(window: str, start: int, end: int, context: Context) -> Iterator[Assertion]:
    cues, stops = context.cues.find(window), context.stops.find(window)
    for cue in cues:
        if _inside_longer(cue, cues):
            continue
        if _runs_into(cue, start) or (
            not _overlaps(cue, start, end) and _reaches(cue, window, start, end, stops)
        ):
            yield cue.key.assertion


def _overlaps(cue: Match[CueText], start: int, end: int) -> bool:
    return cue.start < end and start < cue.end


def _runs_into(cue: Match[CueText], start: int) -> bool:
    """'her cousin was strangled' begins before the fact and says whose it is."""
    return cue.start < start < cue.end


def _inside_longer(cue: Match[CueText], cues: Sequence[Match[CueText]]) -> bool:
    """'no' says nothing in 'no longer safe': the longer wording counts."""
    return any(
        other.start <= cue.start
        and cue.end <= other.end
        and other.key.assertion is not cue.key.assertion
        for other in cues
    )


def _reaches(
    cue: Match[CueText], window: str, start: int, end: int, stops: Sequence[Match[None]]
) -> bool:
    before_fact = cue.end <= start
    if cue.key.reach == ("before" if before_fact else "after"):
        return False
    low, high = (cue.end, start) if before_fact else (end, cue.start)
    between = window[low:high].split()
    if len([word for word in between if word != ","]) > cue.key.within:
        return False
    if "," in between and not cue.key.over_commas:
        return False
    return cue.key.crosses or not (
        _CLAUSE_ENDS.intersection(between) or any(low <= stop.start < high for stop in stops)
    )


def _long_ago(window: str, start: int, end: int, written: int) -> bool:
    """The date nearest to the fact in its clause is over a year before the contact."""
    low = window.rfind(STOP, 0, start) + 1
    high = window.find(STOP, end)
    clause = window[low : len(window) if high < 0 else high]
    dates = list(dates_in(clause))
    if not dates:
        return False
    nearest = min(dates, key=lambda date: _distance(date, start - low, end - low))
    return nearest.month < written - LONG_AGO


def _distance(date: DateMention, start: int, end: int) -> int:
    return start - date.end if date.end <= start else max(0, date.start - end)
