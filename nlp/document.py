"""Read a contact: its characters, its sections and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.domain import Document, Section, Sentence, Span
from nlp.errors import TextTooLongError
from nlp.sections import Heading, load_headings
from nlp.sentences import split_sentences
from nlp.text import NormalisedText, normalise
from nlp.wrapping import unwrap

# Some 300,000 words of ordinary writing; what has more is an export, not a contact, and reading
# it would keep others waiting.
MAX_SENTENCES = 20_000


def read_document(text: str) -> Document:
    """Read *text* into sections and sentences, in order, with offsets into *text*.

    Raises:
        TextTooLongError: If there are more than ``nlp.text.MAX_CHARACTERS`` characters or
            ``MAX_SENTENCES`` sentences.
        UnreadableTextError: If the text is binary or holds half a character.
        EmptyTextError: If nothing in it is a letter or a digit.
    """
    plain = normalise(text)
    normalised = replace(plain, text=unwrap(plain.text))
    headings = load_headings().find(normalised.text)
    breaks = frozenset(heading.end for heading in headings if heading.runs_on)
    stretches = split_sentences(normalised.text, breaks=breaks)
    if len(stretches) > MAX_SENTENCES:
        raise TextTooLongError(
            f"found {len(stretches):,} sentences, expected at most {MAX_SENTENCES:,}; "
            "send the contact alone, without what was attached to it"
        )
    return Document(
        text,
        tuple(_to_sections(normalised, headings)),
        tuple(_to_sentences(normalised, headings, stretches)),
    )


def _to_sections(normalised: NormalisedText, headings: Sequence[Heading]) -> Iterator[Section]:
    """Sections that together cover the whole text as it was sent."""
    end = len(normalised.original)
    starts = [normalised.to_original(heading.start, heading.end).start for heading in headings]
    if not starts or starts[0] > 0:
        yield Section(None, None, 0, starts[0] if starts else end)
    for heading, (start, following) in zip(headings, pairwise([*starts, end]), strict=True):
        where = normalised.to_original(heading.start, heading.end)
        yield Section(heading.kind, where, start, following)


def _to_sentences(
    normalised: NormalisedText, headings: Sequence[Heading], stretches: Sequence[Span]
) -> Iterator[Sentence]:
    current: Heading | None = None
    ahead = 0
    for stretch in stretches:
        while ahead < len(headings) and headings[ahead].start <= stretch.start:
            current = headings[ahead]
            ahead += 1
        where = normalised.to_original(stretch.start, stretch.end)
        yield Sentence(
            where.start,
            where.end,
            normalised.text[stretch.start : stretch.end],
            section=current.kind if current else None,
            is_heading=current is not None and stretch.end <= current.end,
        )
