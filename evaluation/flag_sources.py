"""Where rules and model differ on a safety flag, and which of them is then right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluation.bootstrap import RESAMPLES, Figure, draw, score_with_interval
from evaluation.flag_contacts import FlagContact, Source, find_by
from evaluation.metrics import Counts, ratio_score
from evaluation.outcomes import Outcome
from evaluation.parts import Draws, Part
from nlp.domain import SafetyFlag
from nlp.reading import Reader

ANY = "any flag"
# A share of fewer contacts than this is told in counts alone: its interval says nothing.
FEWEST = 5


class Raised(StrEnum):
    """Who raises a flag on a contact."""

    BOTH = "both"
    RULES = "rules_only"
    MODEL = "model_only"
    NEITHER = "neither"


@dataclass(frozen=True)
class Flags:
    """The flags present on one contact: labelled, by rule, and as the model sees them."""

    labelled: frozenset[SafetyFlag]
    ruled: frozenset[SafetyFlag]
    seen: frozenset[SafetyFlag]


class Share(Part):
    """So many contacts, of which so many are labelled with the flag.

    The precision is ``None`` where there are fewer than `FEWEST` contacts.
    """

    contacts: int
    labelled: int
    precision: Figure | None


class FlagSources(Part):
    """One flag over all contacts, by who raises it; the missed are labelled and raised by none."""

    code: str
    labelled: int
    both: Share
    rules_only: Share
    model_only: Share
    missed: int


def flags_of_outcomes(outcomes: Iterable[Outcome]) -> tuple[Flags, ...]:
    """Give the flags of each contact; empty where the reader reads no flags."""
    return tuple(
        Flags(o.contact.flags_present(), o.prediction.ruled_flags, o.prediction.seen_flags)
        for o in outcomes
        if o.prediction.seen_flags is not None
    )


def flags_of_new_writers(contacts: Sequence[FlagContact], reader: Reader) -> tuple[Flags, ...]:
    """Give the flags of short contacts by writers whom neither rules nor model were made from."""
    if not reader.thresholds.flags:
        return ()
    find = find_by(reader)
    found = ((contact, find(contact)) for contact in contacts)
    return tuple(
        Flags(
            frozenset(contact.present()),
            frozenset(sources[Source.RULES]),
            frozenset(sources[Source.MODEL]),
        )
        for contact, sources in found
    )


def measure_sources(
    contacts: Sequence[Flags], *, resamples: int = RESAMPLES
) -> tuple[FlagSources, ...]:
    """Give all flags together, then each that anybody labels or raises; empty for no contacts."""
    if not contacts:
        return ()
    counts = np.array([_count(each) for each in contacts])
    draws = draw(len(contacts), resamples=resamples)
    rows = [(ANY, counts.sum(axis=1))]
    rows += [(flag.value, counts[:, place]) for place, flag in enumerate(SafetyFlag)]
    return tuple(_sources(code, row, draws) for code, row in rows if row.any())


def _count(flags: Flags) -> Counts:
    """(contacts, labelled) for each way of being raised, for each flag: ``[flag, way, 2]``."""
    found = np.zeros((len(SafetyFlag), len(Raised), 2))
    for place, flag in enumerate(SafetyFlag):
        labelled = flag in flags.labelled
        way = _way(ruled=flag in flags.ruled, seen=flag in flags.seen)
        if labelled or way is not Raised.NEITHER:
            found[place, list(Raised).index(way)] = (1, labelled)
    return found


def _way(*, ruled: bool, seen: bool) -> Raised:
    if ruled and seen:
        return Raised.BOTH
    if ruled:
        return Raised.RULES
    return Raised.MODEL if seen else Raised.NEITHER


def _sources(code: str, counts: Counts, draws: Draws) -> FlagSources:
    totals = counts.sum(axis=0).astype(int)
    both, rules, model = (
        Share(
            contacts=int(totals[way, 0]),
            labelled=int(totals[way, 1]),
            precision=score_with_interval(counts[:, way], _precision, draws)
            if totals[way, 0] >= FEWEST
            else None,
        )
        for way in range(3)
    )
    return FlagSources(
        code=code,
        labelled=int(totals[:, 1].sum()),
        both=both,
        rules_only=rules,
        model_only=model,
        missed=int(totals[3, 1]),
    )


def _precision(counts: Counts) -> Counts:
    return ratio_score(counts[..., 1], counts[..., 0])
