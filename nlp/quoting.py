"""Quote a contact exactly as it was sent."""

from __future__ import annotations

from nlp.assessment import Evidence
from nlp.domain import Document, Sentence


def quote(document: Document, sentence: Sentence, probability: float | None) -> Evidence:
    """The words of *sentence*, with where they stand."""
    return Evidence(
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        probability=probability,
    )


def shorten(words: str, *, most: int) -> str:
    """Give the beginning of *words* up to a word's end, at most *most* characters.

    What is given is always an exact beginning of *words*: nothing is added or altered.
    """
    if len(words) <= most:
        return words
    kept = words[:most]
    if not words[most].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" ,;:-\t\r\n")
