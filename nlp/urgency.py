"""How soon the text calls for a response, and why, whatever the referrer asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.assessment import FlagFinding, UrgencyFinding
from nlp.domain import Assertion, Level, NeedDomain, SafetyFlag, Urgency
from nlp.reading import Reading
from nlp.wording import UrgencyFile, WordingFile, listed

SOONEST_FIRST = (Urgency.RED, Urgency.AMBER, Urgency.GREEN)


def find_urgency(
    reading: Reading,
    *,
    flags: Sequence[FlagFinding],
    level: Level,
    domains: Sequence[NeedDomain],
    rules: UrgencyFile,
    wording: WordingFile,
) -> UrgencyFinding:
    """Give the soonest of what the reader, the present flags and the level each call for.

    A reader can only make it sooner than the present flags and the level do. Level 4 is red, save
    where the contact is about an unborn child.
    """
    read = min(SOONEST_FIRST, key=lambda each: (-reading.urgency[each], _order(each)))
    present = _present(flags)
    unborn = NeedDomain.PRE_BIRTH in domains or SafetyFlag.UNBORN_HIGH_RISK in present
    by_level = _of_level(level, rules, unborn=unborn)
    by_flag = {flag: rules.flags[flag].at_least for flag in present}
    rating = min([read, by_level, *by_flag.values()], key=_order)
    because = _because(rating, read, by_level, by_flag, level, rules, wording)
    return UrgencyFinding(rating=rating, because=tuple(because))


def _order(rating: Urgency) -> int:
    return SOONEST_FIRST.index(rating)


def _present(flags: Sequence[FlagFinding]) -> tuple[SafetyFlag, ...]:
    return tuple(dict.fromkeys(flag.flag for flag in flags if flag.assertion is Assertion.PRESENT))


def _of_level(level: Level, rules: UrgencyFile, *, unborn: bool) -> Urgency:
    rating = rules.levels[level]
    return max(rating, rules.unborn, key=_order) if unborn else rating


def _because(
    rating: Urgency,
    read: Urgency,
    by_level: Urgency,
    by_flag: dict[SafetyFlag, Urgency],
    level: Level,
    rules: UrgencyFile,
    wording: WordingFile,
) -> Iterator[str]:
    """Every ground that by itself calls for *rating*: flags first, then level, then the whole."""
    names = wording.names.flags
    flags = [names[flag].inside for flag, least in by_flag.items() if least is rating]
    if flags:
        yield rules.because.flags.format(flags=listed(flags))
    if by_level is rating:
        yield rules.because.level[level]
    if by_level is not rules.levels[level]:
        yield rules.because.unborn
    if read is rating:
        yield rules.because.reader[rating]
