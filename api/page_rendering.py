"""Templates, and the words that a page shows for every code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from api.access.identity import Identity
from api.access.navigation import navigation, role_words
from api.clocks import LONDON, say_day, say_month
from api.settings import Settings
from nlp.assessment import LevelFinding
from nlp.domain import Element, Level
from nlp.frameworks import Framework
from nlp.guidance import load_guidance

TEMPLATES = Path(__file__).parent / "templates"


def render_page(
    request: Request, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Give the page that *template* makes of *values* and of what every page needs.

    Every template has ``identity``: who is signed in, as the route's rule of access found.
    """
    settings: Settings = request.app.state.settings
    identity: Identity | None = getattr(request.state, "identity", None)
    content = render(
        template,
        settings=settings,
        cspNonce=request.state.csp_nonce,
        themeColor=settings.brand_colour,
        path=request.url.path,
        identity=identity,
        navigation=navigation(identity, request.url.path),
        **values,
    )
    return HTMLResponse(content, status_code=status)


def render(template: str, **values: Any) -> str:
    """Give what *template* makes of *values* alone, as for a file."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    # The macros of the council's own pages and of GOV.UK Frontend, which call each other by prefix.
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), macros]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        capitalise_first=capitalise_first, day=say_day, moment=say_moment, month=say_month
    )
    environment.globals.update(level_range=level_range, in_ten=in_ten, role_words=role_words)
    return environment


@cache
def words() -> Mapping[str, Any]:
    """Give the names of every code, as templates and the page's script use them."""
    guidance = load_guidance()
    names = guidance.wording.names.model_dump(mode="json")
    labels = {each.value: guidance.prompts.elements[each].label for each in Element}
    return {
        **names,
        "elements": labels,
        "safety": guidance.wording.safety,
        "reasons": {code.value: text.name for code, text in guidance.reasons.reasons.items()},
    }


def level_names(framework: Framework) -> dict[str, str]:
    """Give what *framework* calls each level: 'Level 3, Child in need'."""
    return {
        level.value: f"Level {framework.levels[level].number}, {framework.levels[level].name}"
        for level in Level
    }


def capitalise_first(words: str) -> str:
    """Give *words* with a capital first letter and the rest as it is."""
    return words[:1].upper() + words[1:]


def say_moment(at: datetime) -> str:
    """Say a moment as an English clock and calendar show it: 26 November 2026, 15:04."""
    local = at.astimezone(LONDON)
    return f"{say_day(local)}, {local:%H:%M}"


def level_range(level: LevelFinding, names: Mapping[str, str]) -> str:
    """Say what else the text could be, after its likely level."""
    others = [names[each] for each in level.plausible if each is not level.likely]
    if not others:
        return "."
    if len(others) == 1:
        return f". It could also be {others[0]}."
    lowest, highest = names[level.plausible[0]], names[level.plausible[-1]]
    return f". It could be anything from {lowest} to {highest}."


def in_ten(probability: float) -> str:
    """Say a probability as a count out of ten, which people read better than a percentage."""
    count = round(10 * probability)
    if count == 0:
        return "fewer than 1"
    return "all but a few" if count == 10 else f"about {count}"
