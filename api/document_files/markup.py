"""The words of an HTML email body; nothing in it is run, fetched or kept."""

from __future__ import annotations

import re
from html import unescape

BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"})
SPACES = re.compile(r"[ \t\r\n]+")
# Each alternative goes on to the end where nothing closes it, as browsers do, and gives nothing
# back: so one pass is enough, whatever was sent. Python 3.11's own parser begins again each time.
TAG = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <(?P<silent>script|style|title|template)\b.*?(?:</(?P=silent)\b[^>]*+(?:>|\Z)|\Z)
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*+)
        (?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|))*+(?:>|\Z)
    | <[!?/][^>]*+(?:>|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def strip_markup(markup: str) -> str:
    """Give the words of *markup*, a line for each block."""
    words, at = [], 0
    for tag in TAG.finditer(markup):
        words += [_plain(markup[at : tag.start()]), _gap(tag)]
        at = tag.end()
    return "".join([*words, _plain(markup[at:])])


def _gap(tag: re.Match[str]) -> str:
    """What stands between words where *tag* stood."""
    name = (tag["name"] or "").lower()
    if name in BLOCKS and not (name == "br" and tag["end"]):
        return "\n"
    return " " if name == "td" and not tag["end"] else ""


def _plain(words: str) -> str:
    return SPACES.sub(" ", unescape(words))
