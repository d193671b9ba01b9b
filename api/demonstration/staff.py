"""How the made-up staff decide and answer: by stated chances, within the hub's own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from api import clocks
from api.demonstration.truth import StaffTruth, load_truth
from api.hub.decisions import DecisionGiven
from api.outcomes import Way, load_outcomes, way_of
from api.store.codes import Expected, Outcome
from nlp.assessment import Assessment
from nlp.domain import LEVELS, Form, Level, Reason
from nlp.rule_files import RuleFile, loader_of


class StaffFile(RuleFile):
    """What staff write, and which outcomes follow from a level."""

    inside: tuple[str, ...]
    higher: tuple[str, ...]
    lower: tuple[str, ...]
    consent: str
    outcomes: Mapping[Level, Mapping[Outcome, float]]


load_staff = loader_of(Path(__file__).with_suffix(".yaml"), StaffFile)


def decide_on(reading: Assessment, *, form: Form, random: Random) -> DecisionGiven:
    """Give what a member of staff decides of a contact that was read so."""
    truth, said = load_truth().staff, load_staff()
    level = choose_level(reading.level.likely, reading.level.plausible, truth, random)
    way = way_of(level, reading.level.plausible)
    overridden = form is Form.REFERRAL and random.random() < truth.consent_overridden
    inappropriate = choose_inappropriate(reading, form, truth, random)
    words: Sequence[str] = said.inside
    if way:
        words = said.higher if way is Way.HIGHER else said.lower
    return DecisionGiven(
        outcome=choose_outcome(level, random),
        level=level,
        rationale=said.consent if overridden and not way else random.choice(words),
        consent_overridden=overridden,
        override_reason=_override_reason(way, random) if way else None,
        notification_inappropriate=inappropriate,
        notification_reasons=reasons_of(reading) if inappropriate else (),
    )


def choose_level(
    likely: Level, plausible: Sequence[Level], truth: StaffTruth, random: Random
) -> Level:
    """Give a level: at times outside *plausible*, else the likely one or another inside."""
    lowest, highest = LEVELS.index(plausible[0]), LEVELS.index(plausible[-1])
    drawn = random.random()
    if drawn < truth.above and highest + 1 < len(LEVELS):
        return LEVELS[highest + 1]
    if truth.above <= drawn < truth.above + truth.below and lowest > 0:
        return LEVELS[lowest - 1]
    return likely if random.random() < 0.75 else random.choice(plausible)


def choose_outcome(level: Level, random: Random) -> Outcome:
    """Give an outcome that fits *level*."""
    chances = load_staff().outcomes[level]
    return random.choices(list(chances), list(chances.values()))[0]


def choose_inappropriate(
    reading: Assessment, form: Form, truth: StaffTruth, random: Random
) -> bool | None:
    """Say whether a notification was inappropriate; ``None`` of a referral."""
    if form is not Form.PPN or reading.notification is None:
        return None
    looks = not reading.notification.appropriate
    chance = truth.agrees_inappropriate if looks else truth.finds_inappropriate
    return random.random() < chance


def reasons_of(reading: Assessment) -> tuple[Reason, ...]:
    """Give why a notification was inappropriate: as read, or that it was a single low incident."""
    found = reading.notification.reasons if reading.notification else ()
    return tuple(each.reason for each in found) or (Reason.SINGLE_LOW_LEVEL_INCIDENT,)


def incident_day(received: datetime, *, form: Form, random: Random) -> date | None:
    """Give the day of what a notification is about, where its form tells it."""
    truth = load_truth().notifications
    told, late, days = random.random(), random.random(), random.randint(3, 14)
    if form is not Form.PPN or told >= truth.day_told:
        return None
    before = days if late < truth.late else days % 2
    return received.astimezone(clocks.LONDON).date() - timedelta(days=before)


def choose_expected(sender: str, random: Random) -> Expected | None:
    """Say whether a contact tells staff of a notification that came late, or never."""
    truth, drawn = load_truth().notifications, random.random()
    if sender == truth.owed_by:
        return None
    if drawn < truth.never_came:
        return Expected.NEVER_CAME
    return Expected.CAME_LATE if drawn < truth.never_came + truth.came_late else None


def elements_added(random: Random, *, uses_feedback: bool) -> int | None:
    """Say how many elements a draft gained before it was sent; ``None`` if it was not checked."""
    truth = load_truth().drafts
    if random.random() >= (truth.checked_since if uses_feedback else truth.checked_before):
        return None
    chance = truth.improved_since if uses_feedback else truth.improved_before
    return random.randint(1, 4) if random.random() < chance else 0


def decision_time(received: datetime, due: datetime, random: Random) -> datetime:
    """Give when a contact is decided: mostly early in the time there is, at times after it."""
    opens = clocks.next_open(received.astimezone(clocks.LONDON))
    begun = min(max(received, opens), due)
    if random.random() < load_truth().staff.late:
        return due + timedelta(hours=random.uniform(0.5, 20))
    return begun + random.betavariate(1.3, 3.5) * (due - begun) + timedelta(minutes=6)


def reply_time(received: datetime, decided: datetime, random: Random) -> datetime | None:
    """Give when the referrer is answered; ``None`` where that was forgotten."""
    truth = load_truth().staff
    drawn = random.random()
    if drawn < truth.reply_never:
        return None
    if drawn < truth.reply_never + truth.reply_late:
        late = max(clocks.reply_due_at(received), decided)
        return late + timedelta(hours=random.uniform(1, 30))
    return decided + timedelta(minutes=random.uniform(4, 90))


def _override_reason(way: Way, random: Random) -> str:
    reasons = load_outcomes().override_reasons
    return random.choice([code for code, each in reasons.items() if way in each.ways])
