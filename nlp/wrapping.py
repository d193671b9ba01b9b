"""Undo the line breaks that an email program puts into a paragraph to wrap it.

A break only wraps where the first word of the next line would not have fitted on the line
before it. A writer who ends lines by meaning does that now and then, a program always.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Email programs wrap at 72 to 80 characters; narrower is a list, wider is no program's doing.
NARROWEST, WIDEST = 55, 100
FEWEST_BREAKS = 3
ALMOST_ALL = 0.8  # of the breaks inside paragraphs; a signature or address ends its lines early

# A bullet, a number or a time: a list or a log, whose lines end where they mean to.
_ITEM = re.compile(r"[-*•·>|]|\d+[.)]\s|\d{1,2}[:./]\d|\d{4}\b")


def unwrap(text: str) -> str:
    """Give *text* with the breaks that only wrap as spaces; no character moves.

    Line endings are line feeds. A text that no program has wrapped comes back as it is.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not NARROWEST <= width <= WIDEST:
        return text
    inside = [at for at in range(len(lines) - 1) if _goes_on(lines, at)]
    wrapped = {at for at in inside if _is_full(lines[at], lines[at + 1], width)}
    if len(wrapped) < FEWEST_BREAKS or len(wrapped) < ALMOST_ALL * len(inside):
        return text
    ends = [" " if at in wrapped else "\n" for at in range(len(lines) - 1)]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Does the next line carry on the paragraph of this one?"""
    following = lines[at + 1]
    return bool(lines[at].strip() and following.strip()) and not _ITEM.match(following)


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
