"""How pages are made, in one frame, and how figures are written on them and in plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from evaluation.bootstrap import Figure

TEMPLATES = Path(__file__).parent / "templates"


def write_page(
    template: Path, *, filters: Mapping[str, Callable[..., str]] | None = None, **said: Any
) -> str:
    """Give the page that *template* makes of what is *said*.

    It may extend ``frame.html``, and knows the filters ``figure`` and ``words`` besides its own,
    and the test ``clear``. In HTML, and there alone, everything is escaped.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"figure": write_figure, "words": write_words, **(filters or {})}
    environment.tests["clear"] = is_clear
    return environment.get_template(template.name).render(**said)


def write_figure(figure: Figure, *, signed: bool = False) -> str:
    """Give a figure as people read it: ``0.83 (0.79 to 0.86)``."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "not scored"
    sign = "+" if signed else ""
    places = 0 if figure.value == int(figure.value) and abs(figure.value) > 1 else 2
    value, low, high = (
        f"{number:{sign}.{places}f}" for number in (figure.value, figure.low, figure.high)
    )
    return f"{value} ({low} to {high})"


def write_words(code: str) -> str:
    """Give a code as words: ``child_voice`` is 'Child voice'."""
    return code.replace("_", " ").capitalize()


def is_clear(difference: Figure) -> bool:
    """Say whether the interval of a difference leaves out zero."""
    if difference.low is None or difference.high is None:
        return False
    return difference.low > 0 or difference.high < 0
