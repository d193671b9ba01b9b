"""How much of a text is in words that the reader never learned from; no word of it is kept."""

from __future__ import annotations

import re
from functools import cache

from models.artefact import load_tfidf
from models.predict import TFIDF

FEWEST = 20  # words, for a share that says anything
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


@cache
def known_words() -> frozenset[str]:
    """Give the words in small letters that the released reader learned from.

    Raises:
        ArtefactError: If the reader is missing or damaged.
    """
    return load_tfidf(TFIDF).known


def unknown_share(text: str, known: frozenset[str]) -> float | None:
    """Give the share of words that are not *known*; ``None`` for too few.

    Words with a capital are left out, most of them names, unless the whole text is in capitals.
    """
    if text.isupper():
        text = text.lower()
    words = [word.replace("\u2019", "'") for word in _WORD.findall(text) if word.islower()]
    if len(words) < FEWEST:
        return None
    return sum(word not in known for word in words) / len(words)
