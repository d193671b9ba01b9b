"""The rule of every route, read from the service itself, and the table that the documents show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.access.rules import AccessRule, SenderRule, anyone, visitor
from api.store.codes import Role

# Not routes of ours, so that they cannot carry a rule: the style sheets, and what the API says.
FOR_ALL = frozenset({"/static", "/api/v1/openapi.json"})


@dataclass(frozen=True)
class RouteRule:
    """Who may use one method of one route; ``rule`` is none where a route has no rule."""

    path: str
    method: str
    rule: Callable[..., Any] | None

    @property
    def is_public(self) -> bool:
        """Is it for everyone?"""
        return self.path in FOR_ALL or self.rule in {anyone, visitor}

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may."""
        return self.rule.roles if isinstance(self.rule, AccessRule) else frozenset()

    @property
    def takes_keys(self) -> bool:
        """May a system with a key?"""
        return isinstance(self.rule, SenderRule)


def route_rules(app: FastAPI) -> list[RouteRule]:
    """Give the rule of every route of *app* and of what is mounted in it, by address."""
    return sorted(_rules(app.routes, ""), key=lambda each: (each.path, each.method))


def access_table(app: FastAPI) -> str:
    """Give role by route as a Markdown table."""
    heads = ["route", "method", "everyone", *(role.value for role in Role), "key"]
    rows = [_row(each) for each in route_rules(app)]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(each: RouteRule) -> list[str]:
    yes = [each.is_public, *(role in each.roles for role in Role), each.takes_keys]
    return [f"`{each.path}`", each.method, *("yes" if it else "" for it in yes)]


def _rules(routes: Any, above: str) -> Iterator[RouteRule]:
    for context in iter_route_contexts(routes):
        path = above + str(context.path)
        if inside := getattr(context.route, "routes", None):
            yield from _rules(inside, path)
            continue
        dependant = getattr(context, "dependant", None) or Dependant()
        rule = next(_rules_of(dependant), None)
        for method in sorted((context.methods or {"GET"}) - {"HEAD"}):
            yield RouteRule(path, method, rule)


def _rules_of(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """The rules, the strictest first: a route may be stricter than the router it is in."""
    calls = [each.call for each in dependant.dependencies]
    yield from (call for call in calls if isinstance(call, AccessRule))
    yield from (call for call in calls if call in {anyone, visitor})
    for each in dependant.dependencies:
        yield from _rules_of(each)
