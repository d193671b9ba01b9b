"""Do our sentences begin and end where the corpus' own segments do?

A boundary is the offset at which a sentence begins, except the first of each contact, which nobody
can miss. Spans are compared whole: both ends must be the same code point. Scores are F1, counted
over all contacts together (micro).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from annotation.labels import LabelledContact
from evaluation.metrics import Counts, count_found, f1_score
from nlp.document import read_document


@dataclass(frozen=True)
class SegmentationResult:
    """F1 of the sentences' boundaries and of their whole spans, and boundaries by author."""

    boundary_f1_score: float
    span_f1_score: float
    boundary_f1_score_by_author: Mapping[str, float]

    @property
    def lowest_author(self) -> str:
        """The author whose boundaries are met least well."""
        scores = self.boundary_f1_score_by_author
        return min(scores, key=lambda author: scores[author])


def measure_segmentation(contacts: Iterable[LabelledContact]) -> SegmentationResult:
    """Give how the sentences of `read_document` meet the labelled segments of *contacts*.

    An author whose contacts have one segment each has no boundaries to find, and no score.
    """
    boundaries: defaultdict[str, Counts] = defaultdict(lambda: np.zeros(3))
    spans = np.zeros(3)
    for contact in contacts:
        labelled = [(sentence.start, sentence.end) for sentence in contact.sentences]
        found = [
            (sentence.start, sentence.end) for sentence in read_document(contact.text).sentences
        ]
        boundaries[contact.author] += count_found(_boundaries(labelled), _boundaries(found))
        spans += count_found(set(labelled), set(found))
    by_author = {author: float(f1_score(counts)) for author, counts in boundaries.items()}
    return SegmentationResult(
        boundary_f1_score=float(f1_score(np.sum(list(boundaries.values()), axis=0))),
        span_f1_score=float(f1_score(spans)),
        boundary_f1_score_by_author={a: s for a, s in by_author.items() if not np.isnan(s)},
    )


def _boundaries(spans: Iterable[tuple[int, int]]) -> set[int]:
    starts = sorted(start for start, _ in spans)
    return set(starts[1:])
