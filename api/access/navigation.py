"""What each role is called, and the pages that it is led to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from api.access.identity import Identity
from api.store.codes import Role
from nlp.rule_files import RuleFile, loader_of


class PageLink(RuleFile):
    """A page in the navigation."""

    text: str
    address: str = Field(pattern=r"^/[a-z/-]*$")


class RoleWords(RuleFile):
    """A role in words."""

    name: str
    does: str
    pages: tuple[PageLink, ...] = Field(min_length=1)


class _RoleFile(RuleFile):
    roles: Mapping[Role, RoleWords]
    visitor: tuple[PageLink, ...]


def role_words() -> Mapping[Role, RoleWords]:
    """Give every role in words, in order."""
    return _load().roles


def home_of(identity: Identity | None) -> str:
    """Give the address that a person starts from."""
    return _pages(identity)[0].address


def navigation(identity: Identity | None, path: str) -> list[dict[str, str | bool]]:
    """Give the items of the navigation as GOV.UK Frontend takes them; the nearest is current."""
    pages = _pages(identity)
    above = [page.address for page in pages if f"{path}/".startswith(f"{page.address}/")]
    current = max(above, key=len, default=None)
    return [
        {"text": page.text, "href": page.address, "current": page.address == current}
        for page in pages
    ]


def _pages(identity: Identity | None) -> tuple[PageLink, ...]:
    return _load().roles[identity.role].pages if identity else _load().visitor


_load = loader_of(Path(__file__).parent / "roles.yaml", _RoleFile)
