"""Join what a reader makes of each safety flag with what rules found of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, Document, SafetyFlag
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds

LEAST_OF_SUREST = 0.5
"""A sentence that is less sure than this share of the surest is not what the flag came from."""


def add_model_flags(
    ruled: Sequence[FlagFinding],
    document: Document,
    reading: Reading,
    thresholds: Thresholds,
) -> tuple[FlagFinding, ...]:
    """Give all flags in the order of the text.

    What holds is said by the reader, which knows what rules found (`held_flags`). A flag is found
    in the sentences where a rule finds it present, and in those where the reader sees it and no
    rule speaks of it: a rule that found it negated or long ago has read the words around it and
    stands. A flag that a rule finds and that does not hold is doubted: it stays in sight, as words
    to read. A reader of no flags leaves them as rules found them.
    """
    both = _Both(document, reading, thresholds, tuple(ruled))
    found = [*map(both.doubt, ruled), *both.found()]
    return tuple(sorted(found, key=lambda flag: (flag.start, flag.end)))


def held_flags(
    ruled: Sequence[FlagFinding], document: Document, reading: Reading, thresholds: Thresholds
) -> frozenset[SafetyFlag]:
    """Give the flags that hold: as probable as their thresholds, the likeliest from its own.

    A flag that no sentence bears out, by a rule or as the reader sees it, does not hold. One that a
    rule finds and the reader does not all but rule out in every sentence holds whatever the rest of
    the contact is like: 'she was throttled' between praise of house and school.
    """
    return _Both(document, reading, thresholds, tuple(ruled)).held


def places_of(document: Document, flags: Sequence[FlagFinding]) -> tuple[int, ...]:
    """Give the place of the sentence that each flag was found in."""
    starts = [sentence.start for sentence in document.sentences]
    return tuple(bisect_right(starts, flag.start) - 1 for flag in flags)


@dataclass(frozen=True)
class _Both:
    document: Document
    reading: Reading
    thresholds: Thresholds
    ruled: tuple[FlagFinding, ...]

    def doubt(self, found: FlagFinding) -> FlagFinding:
        """Give *found* as it stands, or as doubted."""
        read = self.reading.flags
        if found.assertion is not Assertion.PRESENT or found.flag not in read:
            return found
        if found.flag in self.held:
            return found
        return found.model_copy(
            update={
                "assertion": Assertion.HYPOTHETICAL,
                "doubted": True,
                "probability": read[found.flag],
            }
        )

    def found(self) -> Iterator[FlagFinding]:
        """Give what the reader sees of the flags that hold."""
        for flag in self.reading.flags:
            for place in self._seen[flag] if flag in self.held else ():
                probability = self.reading.flags[flag]
                words = quote(self.document, self.document.sentences[place], probability)
                yield FlagFinding(
                    flag=flag,
                    assertion=Assertion.PRESENT,
                    start=words.start,
                    end=words.end,
                    quote=words.quote,
                    source="model",
                    probability=probability,
                )

    @cached_property
    def held(self) -> frozenset[SafetyFlag]:
        """The flags that hold."""
        limits = self.thresholds
        borne_out = {
            flag: chance
            for flag, chance in self.reading.flags.items()
            if flag in self._present or self._seen[flag]
        }
        held = {flag for flag, chance in borne_out.items() if chance >= limits.flags[flag]}
        held |= {f for f in self._present if self._surest(f) >= limits.doubted_below}
        likeliest = max(borne_out, key=lambda flag: borne_out[flag], default=None)
        if likeliest is not None and borne_out[likeliest] >= limits.likeliest_from:
            held.add(likeliest)
        return frozenset(held)

    @cached_property
    def _seen(self) -> Mapping[SafetyFlag, Sequence[int]]:
        """The places where the reader sees each flag and no rule speaks of it."""
        return {flag: self._seen_in(flag) for flag in self.reading.flags}

    def _seen_in(self, flag: SafetyFlag) -> list[int]:
        said = {
            place: sentence.flags[flag]
            for place, sentence in enumerate(self.reading.sentences)
            if flag in sentence.flags and (flag, place) not in self._spoken
        }
        surest = max(said.values(), default=0.0)
        least = max(self.thresholds.seen_from, LEAST_OF_SUREST * surest)
        return [place for place, chance in said.items() if chance >= least]

    def _surest(self, flag: SafetyFlag) -> float:
        """Of every sentence, whether or not a rule speaks of the flag there."""
        return max((s.flags.get(flag, 0.0) for s in self.reading.sentences), default=0.0)

    @cached_property
    def _spoken(self) -> frozenset[tuple[SafetyFlag, int]]:
        places = places_of(self.document, self.ruled)
        return frozenset((f.flag, place) for f, place in zip(self.ruled, places, strict=True))

    @cached_property
    def _present(self) -> frozenset[SafetyFlag]:
        return frozenset(f.flag for f in self.ruled if f.assertion is Assertion.PRESENT)
