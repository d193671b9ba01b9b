"""What everybody knows of how measures hang together: all of them are hidden as one table.

A number that one measure hides is not to be read off another that says the same, or most of it.
Only what holds in every month, agency and form of the figures is taken as known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from api.figures.axes import ALL
from api.figures.measures import ELEMENT_PREFIX, SEVERAL_AT_ONCE, Measure
from api.figures.suppression import Axis, Counts
from nlp.domain import Element

Cell = tuple[str, str]  # measure, category

CONTACTS: Cell = (Measure.CONTACTS, ALL)
_SOME_FLAG = (Measure.ANY_FLAG, "some")
_INAPPROPRIATE = (Measure.NOTIFICATION, "inappropriate")
_NOT_DECIDED = (Measure.OUTCOME, "not_decided")
_READ_ONLY = (*(f"{ELEMENT_PREFIX}{each}" for each in Element), Measure.READ_LEVEL)

# The same contacts under another name.
SAME: tuple[tuple[Cell, Cell], ...] = (
    *(((Measure.RATING, "not_read"), (each, "not_read")) for each in _READ_ONLY),
    *(
        (_NOT_DECIDED, (each, "not_decided"))
        for each in (
            Measure.DECISION_TIME,
            Measure.STATED_AGAINST_DECIDED,
            Measure.READ_AGAINST_DECIDED,
        )
    ),
    *(
        ((Measure.NOTIFICATION, "not_a_notification"), (each, "not_a_notification"))
        for each in (Measure.NOTIFICATION_LOOKED, Measure.TIMELINESS)
    ),
)
# Contacts of which the latter are some, no contact twice.
WITHIN: tuple[tuple[Cell, tuple[Cell, ...]], ...] = (
    (
        CONTACTS,
        (_NOT_DECIDED, _INAPPROPRIATE, (Measure.NOTIFICATION, "appropriate")),
    ),
    (CONTACTS, (_NOT_DECIDED, (Measure.REPLY, "in_time"), (Measure.REPLY, "late"))),
    ((Measure.READ_LEVEL, "not_read"), ((Measure.READ_AGAINST_DECIDED, "not_stated"),)),
)
# Contacts that are of one category at least of a measure, and of each category only such.
SEVERAL: tuple[tuple[Cell, Measure], ...] = (
    (_SOME_FLAG, Measure.FLAG),
    (_INAPPROPRIATE, Measure.REASON),
)


@dataclass
class Related:
    """The cells of all measures side by side, their counts, and the sums that are known to hold.

    ``counts`` has a cell of each name in its last place. Those after the first ``published`` are
    remainders: nobody is shown them, and nobody can be told them by a sum.
    """

    names: list[Cell]
    counts: list[Counts]
    published: int
    sums: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    @property
    def axis(self) -> Axis:
        """All cells as one way of breaking contacts down."""
        return Axis(tuple("/".join(each) for each in self.names), {}, tuple(self.sums))

    @property
    def leaves(self) -> Counts:
        """The counts of every cell."""
        return np.stack(self.counts, axis=-1)

    def relate(self, whole: Cell, parts: Sequence[Cell], *, exactly: bool = False) -> None:
        """Note that *parts* make up *whole*, or some of it, if there are such and it holds."""
        known = [each for each in parts if each in self.names]
        if whole not in self.names or not known:
            return
        at = self.names.index(whole)
        places = tuple(self.names.index(each) for each in known)
        rest = self.counts[at] - sum(self.counts[place] for place in places)
        if (rest < 0).any() or (exactly and rest.any()):
            return
        self.sums.append((at, places if exactly else (*places, self._add("rest", rest))))

    def relate_several(self, some: Cell, measure: Measure) -> None:
        """Note that contacts of *some* are of one category of *measure* or more."""
        parts = [each for each in self.names[: self.published] if each[0] == measure]
        for each in parts:
            self.relate(some, [each])
        if some in self.names and parts:
            places = tuple(self.names.index(each) for each in parts)
            together = np.sum([self.counts[place] for place in places], axis=0)
            if (together >= self.counts[self.names.index(some)]).all():
                self.sums.append((self._add("together", together), places))
                self.relate(self.names[self.sums[-1][0]], [some])

    def _add(self, kind: str, counts: Counts) -> int:
        self.names.append((kind, str(len(self.names))))
        self.counts.append(counts)
        return len(self.names) - 1


def relate(counted: Mapping[Cell, Counts]) -> Related:
    """Put all measures side by side; *counted* gives each cell by month, agency and form.

    A measure with a total has one of its own, which is that of contacts unless some month was
    counted without the measure.
    """
    related = Related(list(counted), list(counted.values()), len(counted))
    for measure in dict.fromkeys(measure for measure, _ in counted):
        parts = [(m, category) for m, category in counted if m == measure and category != ALL]
        if measure not in SEVERAL_AT_ONCE and parts:
            related.relate((measure, ALL), parts, exactly=True)
            related.relate(CONTACTS, [(measure, ALL)], exactly=True)
    for cell, same in SAME:
        related.relate(cell, [same], exactly=True)
    for whole, within in WITHIN:
        related.relate(whole, within)
    for some, measure in SEVERAL:
        related.relate_several(some, measure)
    return related
