"""What somebody with a browser sees when something could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.access.cookies import read_hand_shake, set_hand_shake
from api.page_rendering import render_page
from nlp.rule_files import RuleFile, load_rule_file

_FILE = Path(__file__).parent / "error_pages.yaml"
# What systems ask, and what the script of a page asks by itself.
JSON_ALONE = ("/api/", "/hub/changes")


class ErrorWords(RuleFile):
    """A status in words."""

    title: str
    next: str
    referrers: str = ""  # said to whoever may be about to refer, not to the hub's staff


class _ErrorFile(RuleFile):
    pages: Mapping[int, ErrorWords]


def wants_page(request: Request) -> bool:
    """Is the address one of pages? Others answer JSON whatever the caller accepts."""
    return not request.url.path.startswith(JSON_ALONE)


def error_page(
    request: Request, status: int, *, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Give the page that says what happened and what to do."""
    known = load_error_words()
    words = known[status if status in known else 500]
    page = render_page(
        request, "errors/error.html", status=status, words=words, message=message, number=status
    )
    page.headers.update(headers or {})
    return page


def sign_in_first(request: Request, *, message: str) -> Response:
    """Lead to the sign-in page and back again; a form that was sent is not sent twice.

    What a script asks leads nobody back, nor does it spoil a sign-in that has been begun.
    """
    if request.method not in {"GET", "HEAD"}:
        return error_page(request, 401, message=message)
    answer = RedirectResponse("/sign-in", 303)
    navigates = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    if navigates and "state" not in read_hand_shake(request):
        set_hand_shake(request, answer, {"return": address_of(request)})
    return answer


def address_of(request: Request) -> str:
    """Give where *request* went, without a host, so that it leads nobody to another site."""
    path, query = "/" + request.url.path.lstrip("/\\"), request.url.query
    return f"{path}?{query}" if query else path


@cache
def load_error_words() -> Mapping[int, ErrorWords]:
    """Give the words of every status; once at the start, so that a mistake in them shows then.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(_FILE, _ErrorFile).pages
