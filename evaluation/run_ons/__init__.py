"""How well writing without full stops is parted.

A boundary is the offset at which a sentence begins, except the first of each text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

import numpy as np

from annotation.run_ons import RunOn, Style
from evaluation.metrics import Counts, count_found
from nlp.document import read_document


def count_boundaries(texts: Iterable[RunOn]) -> dict[tuple[str, Style], Counts]:
    """Give the boundaries found, found in vain, and missed, by writer and style."""
    counts: defaultdict[tuple[str, Style], Counts] = defaultdict(lambda: np.zeros(3))
    for text in texts:
        ends = list(accumulate(len(sentence) + 1 for sentence in text.sentences))
        true = set(ends[:-1])
        found = {sentence.start for sentence in read_document(text.text).sentences} - {0}
        counts[text.writer, text.style] += count_found(true, found)
    return dict(sorted(counts.items()))
