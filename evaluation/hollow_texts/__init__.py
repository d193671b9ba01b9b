"""How much of what says nothing is set aside, and how much that tells something.

Each text is laid under a contact, and both are assessed as the product is served.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from annotation.hollow_texts import HollowText, Kind
from annotation.labels import LabelledContact
from evaluation.outcomes import covers, to_contact
from nlp.assess import assess
from nlp.assessment import Assessment
from nlp.document import read_document
from nlp.domain import Contact, Form, Span
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_frameworks
from nlp.reading import Reader

ABOVE = (
    "Ruby, 7, told her teacher on Monday that her dad hit her with a belt on Sunday. She has a "
    "mark on her left arm. Her mum was at work. She says she is scared to go home.\n\n"
)
"""A contact that every text is laid under, so that there is always something left to read."""


@dataclass(frozen=True)
class Share:
    """Of how many sentences how many were set aside."""

    aside: int
    sentences: int

    def __str__(self) -> str:
        return f"{self.aside} of {self.sentences} ({self.aside / max(self.sentences, 1):.3f})"


def count_aside(texts: Iterable[HollowText], reader: Reader) -> dict[tuple[str, Kind], Share]:
    """Give what was set aside of *texts*, by writer and kind; headings count too."""
    counts: dict[tuple[str, Kind], list[int]] = defaultdict(lambda: [0, 0])
    for each in texts:
        whole = ABOVE + each.text
        found = _assess(Contact(whole, Form.REFERRAL), reader)
        below = [s for s in read_document(whole).sentences if s.start >= len(ABOVE)]
        aside = [span for span in found.not_read if span.start >= len(ABOVE)]
        counts[each.writer, each.kind][0] += len(aside)
        counts[each.writer, each.kind][1] += len(below)
    return {key: Share(*count) for key, count in sorted(counts.items())}


def count_evidence(contacts: Iterable[LabelledContact], reader: Reader) -> Share:
    """Give how many labelled sentences of *contacts* that are evidence were set aside."""
    lost = [found for contact in contacts for found in _lost(contact, reader)]
    return Share(sum(lost), len(lost))


def _lost(contact: LabelledContact, reader: Reader) -> Iterator[bool]:
    spans = [Span(e.start, e.end) for e in _assess(to_contact(contact), reader).not_read]
    for sentence in contact.sentences:
        if sentence.elements:
            yield any(covers(span, sentence) for span in spans)


def _assess(contact: Contact, reader: Reader) -> Assessment:
    local = load_frameworks()[DEFAULT_FRAMEWORK]
    return assess(contact, reader=reader, framework=local, form=form_for(contact.form))


def together(shares: Mapping[tuple[str, Kind], Share], *, real: bool) -> Share:
    """Give the shares of all that tell something, or of all that do not, as one."""
    kept = [share for (_, kind), share in shares.items() if (kind is Kind.REAL) is real]
    return Share(sum(s.aside for s in kept), sum(s.sentences for s in kept))
