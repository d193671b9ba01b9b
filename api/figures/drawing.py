"""Where the parts of a chart go: numbers turned into places on a drawing, for templates to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10

from api.figures.funnel import INNER, OUTER, Funnel, Place
from api.figures.xmr import Point, Variation

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 14, 44
SMALLEST_SPAN = 1e-9  # less is no difference that could be drawn
STEPS = 60  # along a funnel's limits

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A point of a chart; its ``shape`` says the same as its colour."""

    x: float
    y: float
    shape: str
    label: str


@dataclass(frozen=True)
class Line:
    """A line through places, as SVG's points attribute takes them."""

    kind: str
    points: str


@dataclass(frozen=True)
class Drawing:
    """A whole chart."""

    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


SHAPES = {
    Variation.COMMON: "circle",
    Variation.IMPROVEMENT: "up",
    Variation.CONCERN: "down",
    Variation.CHANGE: "diamond",
    Place.WITHIN: "circle",
    Place.OUTSIDE_INNER: "square",
    Place.DIFFERENT: "diamond",
}


def draw_xmr(
    points: Sequence[Point | None], labels: Sequence[str], *, write: Callable[[float], str]
) -> Drawing:
    """Place an XmR chart; *labels* name the periods, *write* says a value in words.

    A period without a point keeps its place, and no line is drawn over it. There must be a point.
    """
    across = scale(0, max(1, len(points) - 1), LEFT + 8, WIDTH - RIGHT - 8)
    placed = [(place, point) for place, point in enumerate(points) if point is not None]
    reached = [each for _, p in placed for each in (p.value, p.limits.lower, p.limits.upper)]
    ticks = nice_ticks(min(reached), max(reached))
    up = scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    lines = list(_value_lines(points, across, up))
    for kind in ("mean", "lower", "upper"):
        lines.extend(_limit_lines(kind, placed, across, up))
    dots = (
        Dot(across(x), up(p.value), SHAPES[p.variation], f"{labels[x]}: {write(p.value)}")
        for x, p in placed
    )
    every = ceil(len(labels) / 8) or 1
    x_ticks = [Tick(across(x), label) for x, label in enumerate(labels) if x % every == 0]
    y_ticks = [Tick(up(each), write(each)) for each in ticks]
    return Drawing(tuple(lines), tuple(dots), tuple(x_ticks), tuple(y_ticks))


def draw_funnel(found: Funnel, names: dict[str, str], *, write: Callable[[float], str]) -> Drawing:
    """Place a funnel plot; *names* are those of agencies, by id."""
    most = max(each.share.total for each in found.points)
    x_ticks = nice_ticks(0, most)
    across = scale(0, x_ticks[-1], LEFT, WIDTH - RIGHT)
    sizes = [max(1.0, x_ticks[-1] * step / STEPS) for step in range(1, STEPS + 1)]
    edges = {
        f"{which}-{side}": [found.limits(round(n), confidence=at)[place] for n in sizes]
        for which, at in (("inner", INNER), ("outer", OUTER))
        for place, side in enumerate(("low", "high"))
    }
    highest = max(max(p.share.value for p in found.points), *edges["inner-high"][2:])
    y_ticks = nice_ticks(0, highest)
    up = scale(0, y_ticks[-1], HEIGHT - BOTTOM, TOP)
    lines = [
        Line(kind, _path((across(n), max(TOP, up(y))) for n, y in zip(sizes, edge, strict=True)))
        for kind, edge in edges.items()
    ]
    level = up(found.overall)
    lines.append(Line("mean", _path([(LEFT, level), (WIDTH - RIGHT, level)])))
    dots = tuple(
        Dot(
            across(p.share.total),
            up(p.share.value),
            SHAPES[p.place],
            f"{names[p.share.id]}: {write(p.share.value)} of {p.share.total}",
        )
        for p in found.points
    )
    return Drawing(
        tuple(lines),
        dots,
        tuple(Tick(across(each), f"{each:,.0f}") for each in x_ticks),
        tuple(Tick(up(each), write(each)) for each in y_ticks),
    )


def scale(low: float, high: float, start: float, end: float) -> Scale:
    """Give what turns a number between *low* and *high* into a place between *start* and *end*."""
    span = high - low or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 1)


def nice_ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Give round numbers that hold *low* and *high*, about as many as asked for."""
    span = high - low
    if span < SMALLEST_SPAN:
        span = max(abs(high), 1.0)
    rough = span / about
    power = 10 ** floor(log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * place, 10) for place in range(first, max(last, first + 1) + 1)]


def _value_lines(points: Sequence[Point | None], across: Scale, up: Scale) -> Iterator[Line]:
    """Give a line for each run of points that follow each other."""
    for known, run in groupby(enumerate(points), key=lambda each: each[1] is not None):
        if known:
            yield Line("values", _path([(across(x), up(p.value)) for x, p in run if p]))


def _limit_lines(
    kind: str, placed: Sequence[tuple[int, Point]], across: Scale, up: Scale
) -> Iterator[Line]:
    """Give a line for each stretch between rebasings, so that none joins two of them."""
    for _limits, stretch in groupby(placed, key=lambda each: id(each[1].limits)):
        places = [(across(x), up(getattr(point.limits, kind))) for x, point in stretch]
        if len(places) == 1:
            places = [(places[0][0] - 6, places[0][1]), (places[0][0] + 6, places[0][1])]
        yield Line(kind, _path(places))


def _path(places: Iterator[tuple[float, float]] | Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
