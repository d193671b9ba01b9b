"""Does a text read as English sentences? Readers and rules know no other language."""

from __future__ import annotations

import re
from collections import Counter

from nlp.wording import EnglishFile

_WORD = re.compile(r"[^\W\d_]+")


def reads_as_english(text: str, rules: EnglishFile) -> bool:
    """Say whether enough words of *text* are everyday English ones, and not one over and over.

    A text of few words is given the benefit of the doubt.
    """
    counts = Counter(_WORD.findall(text.lower()))
    total = counts.total()
    if total < rules.fewest:
        return True
    known = sum(times for word, times in counts.items() if word in rules.words)
    return known >= rules.share * total and max(counts.values()) <= rules.one_word * total
