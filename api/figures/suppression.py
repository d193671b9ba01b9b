"""Hide small numbers so that no sum or difference of what is shown gives them away.

A count of 1 to 5 is hidden (primary suppression), as the Department for Education does in its
children in need data. Further cells are hidden (secondary suppression) until nobody can work a
hidden one out from totals. That is checked as an attacker would do it: from what is shown, and
from counts not being below nought, bounds are drawn tighter along every sum until nothing moves;
a hidden small number that is left with fewer than two possible values is not hidden well enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LARGEST_SMALL = 5
FEWEST_FOR_A_RATE = 10

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bounds = NDArray[np.float64]
Cell = tuple[np.intp, ...]


@dataclass(frozen=True)
class Axis:
    """One way of breaking counts down: its leaves and the sums of them that are also shown.

    ``parents`` gives, for each sum, the places of its parts; every part is a leaf or a sum that
    comes after all of its own parts. ``names`` has leaves first, then sums.
    """

    names: tuple[str, ...]
    parents: Mapping[int, tuple[int, ...]]

    @property
    def leaves(self) -> int:
        """How many names are leaves."""
        return len(self.names) - len(self.parents)


def add_sums(leaves: Counts, axes: Sequence[Axis]) -> Counts:
    """Give *leaves*, one axis a dimension, with every sum of *axes* beside them."""
    whole = leaves
    for dimension, axis in enumerate(axes):
        parts = list(np.moveaxis(whole, dimension, 0))
        for children in axis.parents.values():
            parts.append(np.sum([parts[child] for child in children], axis=0))
        whole = np.moveaxis(np.array(parts, dtype=np.int64), 0, dimension)
    return whole


def suppress(
    counts: Counts,
    axes: Sequence[Axis],
    *,
    shown: Mask | None = None,
    veiled: Mask | None = None,
) -> Mask:
    """Say which of *counts* must be hidden.

    Args:
        counts: With every sum, as `add_sums` gives them.
        axes: What each dimension is.
        shown: Cells that are shown elsewhere, and so cannot be hidden here, whatever they are.
        veiled: Cells that are hidden elsewhere, and so must be hidden here.
    """
    open_to_all = np.zeros(counts.shape, bool) if shown is None else shown
    small = (counts >= 1) & (counts <= LARGEST_SMALL) & ~open_to_all
    hidden = small.copy() if veiled is None else small | veiled
    for beside in range(1, max(counts.shape)):
        _close(counts, hidden, open_to_all, axes)
        bare = small & find_bare(counts, hidden, axes)
        if not bare.any():
            break
        for cell in zip(*np.nonzero(bare), strict=True):
            _hide_beside(cell, counts, hidden, open_to_all, axes, beside=beside + 1)
    return hidden


def _close(counts: Counts, hidden: Mask, open_to_all: Mask, axes: Sequence[Axis]) -> None:
    """Hide beside every bare cell, small or not, until each sum through it hides another."""
    while (bare := find_bare(counts, hidden, axes)).any():
        before = hidden.sum()
        for cell in zip(*np.nonzero(bare), strict=True):
            _hide_beside(cell, counts, hidden, open_to_all, axes, beside=1)
        if hidden.sum() == before:
            return


def find_bare(counts: Counts, hidden: Mask, axes: Sequence[Axis]) -> Mask:
    """Say which hidden cells could be worked out exactly, and so protect nothing."""
    low, high = attack(counts, hidden, axes)
    return hidden & (high - low < 1)


def attack(counts: Counts, hidden: Mask, axes: Sequence[Axis]) -> tuple[Bounds, Bounds]:
    """Give what can be known of every cell from those that are not hidden: least and most."""
    low = np.where(hidden, 0.0, counts)
    high = np.where(hidden, np.inf, counts)
    while True:
        known = (low.copy(), high.copy())
        for dimension, axis in enumerate(axes):
            _tighten(np.moveaxis(low, dimension, 0), np.moveaxis(high, dimension, 0), axis)
        if np.array_equal(known[0], low) and np.array_equal(known[1], high):
            return low, high


def _tighten(low: Bounds, high: Bounds, axis: Axis) -> None:
    """Draw the bounds tighter along every sum of one axis, in place."""
    for parent, children in axis.parents.items():
        parts = list(children)
        low[parent] = np.maximum(low[parent], low[parts].sum(axis=0))
        high[parent] = np.minimum(high[parent], high[parts].sum(axis=0))
        for child in parts:
            others = [each for each in parts if each != child]
            high[child] = np.minimum(high[child], high[parent] - low[others].sum(axis=0))
            most = high[others].sum(axis=0)
            low[child] = np.maximum(low[child], low[parent] - most)


def _hide_beside(
    cell: Cell,
    counts: Counts,
    hidden: Mask,
    open_to_all: Mask,
    axes: Sequence[Axis],
    *,
    beside: int,
) -> None:
    """Hide one more cell in each sum that gives *cell* away, the one that costs least."""
    for line in _sums_through(cell, axes):
        others = [each for each in line if each != cell]
        if sum(bool(hidden[each]) for each in others) >= beside:
            continue
        free = [each for each in others if not hidden[each] and not open_to_all[each]]
        if free:
            hidden[min(free, key=lambda each: _cost(each, counts, hidden, axes))] = True


def _cost(
    cell: Cell, counts: Counts, hidden: Mask, axes: Sequence[Axis]
) -> tuple[int, bool, int, int]:
    """What hiding *cell* costs: first, how many sums it leaves with it alone hidden.

    Then parts go before sums, and of parts the smallest; a nought only where nothing else is.
    """
    alone = sum(
        not any(hidden[each] for each in line if each != cell) for line in _sums_through(cell, axes)
    )
    sums = sum(int(place) >= axis.leaves for place, axis in zip(cell, axes, strict=True))
    return alone, bool(counts[cell] == 0), sums, int(counts[cell])


def _sums_through(cell: Cell, axes: Sequence[Axis]) -> Iterator[list[Cell]]:
    """Give the cells of every sum that *cell* is part of, or is."""
    for dimension, axis in enumerate(axes):
        for parent, children in axis.parents.items():
            members = (parent, *children)
            if int(cell[dimension]) in members:
                yield [
                    (*cell[:dimension], np.intp(each), *cell[dimension + 1 :]) for each in members
                ]
