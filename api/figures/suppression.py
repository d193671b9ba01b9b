"""Hide small numbers so that no sum or difference of what is shown gives them away.

A count of 1 to 5 is hidden (primary suppression), as the Department for Education does in its
children in need data. Further cells are hidden (secondary suppression) until nobody can work a
hidden one out from totals. That is checked as an attacker would do it: from what is shown, and
from counts not being below nought, bounds are drawn tighter along every sum until nothing moves;
then all sums are solved together. A hidden small number that is left with fewer than two possible
values is not hidden well enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsmr

LARGEST_SMALL = 5
FEWEST_FOR_A_RATE = 10
SETTLED = 1e-6  # how little a cell moves that cannot move, as far as numbers are exact

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bounds = NDArray[np.float64]
Cell = tuple[np.intp, ...]


@dataclass(frozen=True)
class Axis:
    """One way of breaking counts down: its leaves and the sums of them that are also shown.

    ``parents`` gives, for each sum, the places of its parts; every part is a leaf or a sum that
    comes after all of its own parts. ``names`` has leaves first, then sums. ``also`` are further
    sums among the names that everybody knows to hold: a whole, and its parts.
    """

    names: tuple[str, ...]
    parents: Mapping[int, tuple[int, ...]]
    also: tuple[tuple[int, tuple[int, ...]], ...] = ()

    @property
    def leaves(self) -> int:
        """How many names are leaves."""
        return len(self.names) - len(self.parents)

    @property
    def sums(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Every sum: a whole, and its parts."""
        return (*self.parents.items(), *self.also)

    @cached_property
    def lines(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each name, the sums that it is part of, or is: the places in each."""
        found: list[list[tuple[int, ...]]] = [[] for _ in self.names]
        for whole, parts in self.sums:
            for place in (whole, *parts):
                found[place].append((whole, *parts))
        return tuple(map(tuple, found))


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
    unpublished: Mask | None = None,
    by_bounds: bool = False,
) -> Mask:
    """Say which of *counts* must be hidden.

    Args:
        counts: With every sum, as `add_sums` gives them.
        axes: What each dimension is.
        shown: Cells that are shown elsewhere, and so cannot be hidden here, whatever they are.
        veiled: Cells that are hidden elsewhere, and so must be hidden here.
        unpublished: Cells that nobody is ever shown, and that need no protection themselves.
        by_bounds: Be content with bounds: of all measures at once, solving takes minutes.
    """
    find = find_bare if by_bounds else find_solved
    nothing = np.zeros(counts.shape, bool)
    open_to_all = nothing if shown is None else shown
    beyond = nothing if unpublished is None else unpublished
    small = (counts >= 1) & (counts <= LARGEST_SMALL) & ~open_to_all & ~beyond
    hidden = small | beyond | (nothing if veiled is None else veiled)
    for beside in (1, 2, 3):
        _close(counts, hidden, small, open_to_all, axes, beyond=beyond)
        bare = small & find(counts, hidden, axes)
        _hide_beside(bare, counts, hidden, open_to_all, axes, beside=beside)
        if not bare.any():
            return hidden
    _hide_around(counts, hidden, small, open_to_all, axes, find=find)
    return hidden


def _hide_around(
    counts: Counts,
    hidden: Mask,
    small: Mask,
    open_to_all: Mask,
    axes: Sequence[Axis],
    *,
    find: Callable[[Counts, Mask, Sequence[Axis]], Mask],
) -> None:
    """Hide everything around what is still worked out, wider and wider, until nothing is."""
    around = np.zeros(counts.shape, bool)
    while (bare := small & find(counts, hidden, axes)).any() and not around.all():
        around = _along_sums(around | bare, axes)
        hidden |= around & ~open_to_all


def _close(
    counts: Counts,
    hidden: Mask,
    small: Mask,
    open_to_all: Mask,
    axes: Sequence[Axis],
    *,
    beyond: Mask,
) -> None:
    """Hide beside every bare small cell, and beside the bare ones that lay it bare, one by one.

    What nobody is shown (*beyond*) is bare wherever its sum is shown. Only what shares a sum with a
    bare small cell comes into it, and last: else one such cell would hide every sum of its measure.
    """
    while (bare := find_bare(counts, hidden, axes)).any():
        before = hidden.sum()
        leading = _leading_to(small, bare, axes)
        near = leading & _along_sums(small & bare, axes)
        for cells in (leading & ~beyond, near):
            if hidden.sum() == before:
                _hide_beside(cells, counts, hidden, open_to_all, axes, beside=1)
        if hidden.sum() == before:
            return


def _leading_to(small: Mask, bare: Mask, axes: Sequence[Axis]) -> Mask:
    """Give the bare small cells, and those that are bare along sums from one to the next."""
    reached = small & bare
    while (wider := reached | (bare & _along_sums(reached, axes))).sum() > reached.sum():
        reached = wider
    return reached


def _along_sums(cells: Mask, axes: Sequence[Axis]) -> Mask:
    """Give every cell that shares a sum with one of *cells*."""
    along = cells.copy()
    for dimension, axis in enumerate(axes):
        known, wider = (np.moveaxis(each, dimension, 0) for each in (cells, along))
        for whole, parts in axis.sums:
            wider[[whole, *parts]] |= known[[whole, *parts]].any(axis=0)
    return along


def find_bare(counts: Counts, hidden: Mask, axes: Sequence[Axis]) -> Mask:
    """Say which hidden cells could be worked out exactly, and so protect nothing."""
    low, high = attack(counts, hidden, axes)
    return hidden & (high - low < 1)


def find_solved(counts: Counts, hidden: Mask, axes: Sequence[Axis]) -> Mask:
    """Say which hidden cells could be worked out, also by adding and subtracting many sums.

    A cell is settled if it is the same in every solution of all sums: if no change of hidden cells
    that leaves every sum whole moves it. One such change is drawn at random; it moves all that can
    be moved (but for chances of one in millions).
    """
    bare = find_bare(counts, hidden, axes)
    unknown = np.flatnonzero((hidden & ~bare).ravel())
    if not unknown.size:
        return bare
    sums = _sums_of(unknown, counts.shape, axes)
    drawn = np.random.default_rng(0).normal(size=unknown.size)
    change = drawn - lsmr(sums, sums @ drawn, atol=1e-11, btol=1e-11, conlim=0, maxiter=4000)[0]
    solved = bare.ravel().copy()
    solved[unknown] = np.abs(change) < SETTLED
    return solved.reshape(counts.shape)


def _sums_of(unknown: NDArray[np.intp], shape: Sequence[int], axes: Sequence[Axis]) -> csr_array:
    """Give every sum that an unknown cell is in as a row: its whole 1, its parts -1."""
    column = np.full(int(np.prod(shape)), -1)
    column[unknown] = np.arange(unknown.size)
    column = column.reshape(shape)
    rows, columns, signs, start = [], [], [], 0
    for dimension, axis in enumerate(axes):
        moved = np.moveaxis(column, dimension, 0).reshape(len(axis.names), -1)
        for whole, parts in axis.sums:
            members = moved[[whole, *parts]]
            part, place = np.nonzero(members >= 0)
            rows.append(start + place)
            columns.append(members[part, place])
            signs.append(np.where(part == 0, 1.0, -1.0))
            start += moved.shape[1]
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(entries, shape=(start, unknown.size))


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
    for whole, children in axis.sums:
        parts = list(children)
        least, most = low[parts], high[parts]
        boundless = np.isinf(most)
        bounded = np.where(boundless, 0.0, most)
        without_bound, together = boundless.sum(axis=0), bounded.sum(axis=0)
        low[whole] = np.maximum(low[whole], least.sum(axis=0))
        high[whole] = np.minimum(high[whole], np.where(without_bound > 0, np.inf, together))
        others_most = np.where(without_bound > boundless, np.inf, together - bounded)
        high[parts] = np.minimum(most, high[whole] - (least.sum(axis=0) - least))
        low[parts] = np.maximum(least, low[whole] - others_most)


def _hide_beside(
    bare: Mask,
    counts: Counts,
    hidden: Mask,
    open_to_all: Mask,
    axes: Sequence[Axis],
    *,
    beside: int,
) -> None:
    """Hide one more cell in each sum that gives a *bare* cell away, the one that costs least."""
    prices = _prices(counts, hidden, axes)
    for cell in zip(*np.nonzero(bare), strict=True):
        _hide_one_more(cell, prices, hidden, open_to_all, axes, beside=beside)


def _hide_one_more(
    cell: Cell,
    prices: Counts,
    hidden: Mask,
    open_to_all: Mask,
    axes: Sequence[Axis],
    *,
    beside: int,
) -> None:
    for line in _sums_through(cell, axes):
        others = [each for each in line if each != cell]
        if sum(bool(hidden[each]) for each in others) >= beside:
            continue
        free = [each for each in others if not hidden[each] and not open_to_all[each]]
        if free:
            hidden[min(free, key=prices.__getitem__)] = True


def _prices(counts: Counts, hidden: Mask, axes: Sequence[Axis]) -> Counts:
    """What hiding each cell costs: first, how many sums it leaves with it alone hidden.

    Then parts go before sums, and of parts the smallest; a nought only where nothing else is.
    """
    alone, sums = np.zeros(counts.shape, np.int64), np.zeros(counts.shape, np.int64)
    for dimension, axis in enumerate(axes):
        veiled, lonely = np.moveaxis(hidden, dimension, 0), np.moveaxis(alone, dimension, 0)
        for whole, parts in axis.sums:
            members = veiled[[whole, *parts]]
            lonely[[whole, *parts]] += members.sum(axis=0) == members
        np.moveaxis(sums, dimension, 0)[axis.leaves :] += 1
    rank = (alone * 2 + (counts == 0)) * (len(axes) + 1) + sums
    prices: Counts = rank * (int(counts.max()) + 1) + counts
    return prices


def _sums_through(cell: Cell, axes: Sequence[Axis]) -> Iterator[list[Cell]]:
    """Give the cells of every sum that *cell* is part of, or is."""
    for dimension, axis in enumerate(axes):
        for line in axis.lines[int(cell[dimension])]:
            yield [(*cell[:dimension], np.intp(each), *cell[dimension + 1 :]) for each in line]
