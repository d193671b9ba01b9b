from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.figures.drawing import HEIGHT, WIDTH, draw_funnel, draw_xmr, nice_ticks
from api.figures.funnel import Share, funnel
from api.figures.xmr import Direction, chart


def percent(value: float) -> str:
    return f"{100 * value:.0f}%"


def places(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def test_every_part_of_a_chart_lies_on_the_drawing() -> None:
    values = [0.4, 0.5, 0.45, 0.5, 0.42, 0.9, 0.41, 0.1]
    drawing = draw_xmr(
        chart(values, direction=Direction.UP), [str(x) for x in range(8)], write=percent
    )
    for line in drawing.lines:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places(line.points))
    assert len(drawing.dots) == len(values)
    assert drawing.dots[5].label == "5: 90%"


def test_higher_values_are_higher_up() -> None:
    drawing = draw_xmr(chart([1.0, 2, 3], direction=Direction.UP), ["a", "b", "c"], write=str)
    ys = [dot.y for dot in drawing.dots]
    assert ys == sorted(ys, reverse=True)


def test_limits_of_two_stretches_are_two_lines() -> None:
    points = chart([1.0, 2, 1, 2, 9, 8, 9, 8], direction=Direction.UP, rebased_at=[4])
    drawing = draw_xmr(points, [str(x) for x in range(8)], write=str)
    assert [line.kind for line in drawing.lines].count("mean") == 2


def test_a_period_without_a_point_keeps_its_place_and_breaks_the_line() -> None:
    one, two, three, four = chart([1.0, 2, 3, 2], direction=Direction.UP)
    drawing = draw_xmr([one, two, None, three, four], list("abcde"), write=str)
    runs = [places(line.points) for line in drawing.lines if line.kind == "values"]
    assert [len(run) for run in runs] == [2, 2]
    assert [dot.label[0] for dot in drawing.dots] == list("abde")
    xs = [dot.x for dot in drawing.dots]
    assert xs[2] - xs[1] == pytest.approx(2 * (xs[1] - xs[0]), abs=0.2)


def test_a_funnel_narrows_to_the_right_and_stays_on_the_drawing() -> None:
    shares = [Share("a", 20, 50), Share("b", 90, 300), Share("c", 200, 900), Share("d", 4, 10)]
    drawing = draw_funnel(funnel(shares), {each.id: each.id for each in shares}, write=percent)
    lines = {line.kind: places(line.points) for line in drawing.lines}
    widths = [
        low[1] - high[1] for low, high in zip(lines["outer-low"], lines["outer-high"], strict=True)
    ]
    assert widths[5] > widths[-1]
    assert all(0 <= y <= HEIGHT for line in lines.values() for _, y in line)
    assert drawing.dots[1].label == "b: 30% of 300"


@given(st.floats(-1e6, 1e6), st.just(0.0) | st.floats(1e-3, 1e6))
def test_ticks_hold_what_they_are_to_hold(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] >= low + span - 1e-6 * max(1, abs(low) + span)
    assert 2 <= len(ticks) <= 13


@pytest.mark.parametrize(("low", "high", "ticks"), [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0])])
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == ticks
