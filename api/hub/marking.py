"""Cut a contact's text where findings begin and end, so that a page can mark their words.

Offsets count code points of the text as sent, as assessments do. Findings may overlap: a piece then
carries each of them, and looks like the most serious.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from api.hub.contact_words import load_contact_words
from nlp.assessment import Assessment, FlagFinding
from nlp.domain import Assertion, Status
from nlp.guidance import load_guidance


class MarkKind(StrEnum):
    """What is marked, the most serious first."""

    FLAG = "flag"
    MENTIONED = "mentioned"  # a flagged fact that is said not to hold now
    VAGUE = "vague"
    LEVEL = "level"
    EVIDENCE = "evidence"
    NEED = "need"  # weighed most in saying that a need is raised


KINDS = tuple(MarkKind)


@dataclass(frozen=True)
class Mark:
    """A stretch of the text, why it is marked, and that in words."""

    kind: MarkKind
    code: str
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    """A piece of the text, with every mark that covers it, the most serious first."""

    text: str
    start: int
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...] = ()

    @property
    def kind(self) -> MarkKind | None:
        """What the piece looks like; ``None`` for plain text."""
        return self.marks[0].kind if self.marks else None

    @property
    def name(self) -> str:
        """Every reason why it is marked, in words."""
        return "; ".join(dict.fromkeys(mark.name for mark in self.marks))

    @property
    def tags(self) -> tuple[str, ...]:
        """The names of the flags that begin here: those are said in sight."""
        named = (mark.name for mark in self.begins if mark.kind in {KINDS[0], KINDS[1]})
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class MarkChoice:
    """Which marks are shown: those of *kinds* and, if *only* is given, with that code."""

    kinds: frozenset[MarkKind] = frozenset(KINDS)
    only: str = ""

    def __contains__(self, mark: Mark) -> bool:
        """Is *mark* shown?"""
        return mark.kind in self.kinds and self.only in {"", mark.code}

    def of(self, segment: Segment) -> tuple[Mark, ...]:
        """Give the marks of *segment* that are shown, the most serious first."""
        return tuple(mark for mark in segment.marks if mark in self)


def find_marks(assessment: Assessment) -> tuple[Mark, ...]:
    """Give the mark of every finding that has words."""
    return tuple(sorted(_marks(assessment), key=lambda mark: (KINDS.index(mark.kind), mark.start)))


def mark_flags(flags: Iterable[FlagFinding]) -> Iterator[Mark]:
    """Give the mark of each of *flags*, in their order."""
    names = load_guidance().wording.names
    for flag in flags:
        present = flag.assertion is Assertion.PRESENT
        name = names.flags[flag.flag].name
        held = names.doubted if flag.doubted else names.assertions[flag.assertion]
        said = name if present else f"{name} ({held.lower()})"
        kind = MarkKind.FLAG if present else MarkKind.MENTIONED
        yield Mark(kind, flag.flag, said, flag.start, flag.end)


def cut(text: str, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    """Give *text* in pieces, in order; joined they are the text. Marks outside it are ignored."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    return tuple(_segments(text, inside, edges))


def _segments(text: str, marks: Sequence[Mark], edges: Sequence[int]) -> Iterator[Segment]:
    # A sweep: only marks that have begun and not ended are looked at, so that time grows with
    # the text and not with its square.
    waiting = sorted(marks, key=lambda mark: mark.start, reverse=True)
    open_marks: list[Mark] = []
    for start, end in pairwise(edges):
        open_marks = [mark for mark in open_marks if mark.end > start]
        while waiting and waiting[-1].start == start:
            open_marks.append(waiting.pop())
        covering = tuple(sorted(open_marks, key=lambda mark: KINDS.index(mark.kind)))
        begins = tuple(mark for mark in covering if mark.start == start)
        yield Segment(text[start:end], start, covering, begins)


def _marks(assessment: Assessment) -> Iterator[Mark]:
    yield from mark_flags(assessment.safety_flags)
    names = load_guidance().wording.names
    labels = load_contact_words().elements
    for found in assessment.completeness.elements:
        label = labels[found.element]
        partly = " (partly)" if found.status is Status.PARTLY else ""
        for each in found.evidence:
            yield Mark(MarkKind.EVIDENCE, found.element, f"{label}{partly}", each.start, each.end)
        for each in found.vague:
            yield Mark(MarkKind.VAGUE, found.element, f"Vague: {label}", each.start, each.end)
    for each in assessment.level.evidence:
        yield Mark(MarkKind.LEVEL, "level", "Bears on the level of need", each.start, each.end)
    for need in assessment.need_domains:
        said = f"Weighed most for: {names.domains[need.domain]}"
        for each in need.evidence:
            yield Mark(MarkKind.NEED, need.domain, said, each.start, each.end)


def to_code_points(text: str, shown: int) -> int | None:
    """Give the offset in *text* of one in what a browser shows, where CR LF is one line feed.

    ``None`` if it lies outside.
    """
    kept = [
        at
        for at, character in enumerate(text)
        if not (character == "\r" and text[at + 1 : at + 2] == "\n")
    ]
    if shown == len(kept):
        return len(text)
    return kept[shown] if 0 <= shown < len(kept) else None
