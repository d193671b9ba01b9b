"""Normalise a contact's characters and map every offset back to the text as sent.

What changes: line endings become one newline; tabs and the many Unicode spaces become a space;
curly quotes, hyphen variants, ellipses and ligatures become their plain forms; characters without
width go; a Latin letter and its combining marks become one character (as in Unicode's NFC).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.domain import Span
from nlp.errors import EmptyTextError, TextTooLongError, UnreadableTextError

MAX_CHARACTERS = 1_000_000

# Word and PDF leave a few control characters in real forms; a binary file is full of them.
_MOST_CONTROLS = 0.01
# A tenth of replacement characters: the text was decoded with the wrong encoding.
_MOST_REPLACEMENTS = 0.1

_PLAIN = {
    "\n": ("\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c"),
    # 00A0 no-break, 1680 ogham, 2000-200A widths, 202F narrow, 205F maths, 3000 ideographic,
    # 0007 the end of a cell in Word.
    " ": tuple("\t\x07\u00a0\u1680\u202f\u205f\u3000") + tuple(map(chr, range(0x2000, 0x200B))),
    # Soft hyphen, zero-width space and joiners, direction marks, word joiner, byte order mark.
    "": tuple("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
    + tuple(map(chr, range(0x202A, 0x202F))),
    '"': tuple("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02\x93\x94"),
    "'": tuple("\u2018\u2019\u201a\u201b\u2032\u02bc\uff07\x91\x92"),
    "-": tuple("\u2010\u2011\u2212"),
    "\u2022": ("\x95",),
    "\u2013": ("\x96",),
    "\u2014": ("\x97",),
    "...": ("\u2026", "\x85"),
    "ff": ("\ufb00",),
    "fi": ("\ufb01",),
    "fl": ("\ufb02",),
    "ffi": ("\ufb03",),
    "ffl": ("\ufb04",),
    "st": ("\ufb05", "\ufb06"),
}
_REPLACEMENTS = {variant: plain for plain, variants in _PLAIN.items() for variant in variants}
_CONTROLS = "".join(
    chr(code)
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) != "\n" and chr(code) not in _REPLACEMENTS
)
_REPLACEMENTS |= dict.fromkeys(_CONTROLS, "")

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SINGLES = "".join(re.escape(variant) for variant in _REPLACEMENTS if len(variant) == 1)
# Thirty marks to a letter, as in Unicode's stream-safe text: composing is quadratic in them.
_CHANGES = re.compile(f"\r\n|[{_SINGLES}]|[^\\s{_MARKS}][{_MARKS}]{{1,30}}")

_CONTROL = re.compile(f"[{re.escape(_CONTROLS)}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD_CHARACTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class NormalisedText:
    """Normalised text, and where each of its characters stands in the original.

    ``starts`` and ``ends`` run parallel to ``text``.
    """

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def to_original(self, start: int, end: int) -> Span:
        """Where the non-empty stretch *start* to *end* of the normalised text was written."""
        return Span(self.starts[start], self.ends[end - 1])


def normalise(text: str) -> NormalisedText:
    """Normalise *text*, keeping for every character where it came from.

    Raises:
        TextTooLongError: If there are more than ``MAX_CHARACTERS`` characters.
        UnreadableTextError: If the text is binary or holds half a character.
        EmptyTextError: If nothing in it is a letter or a digit.
    """
    _refuse_unreadable(text)
    normalised = _replace_variants(text)
    if not _WORD_CHARACTER.search(normalised.text):
        raise EmptyTextError(
            "The contact holds no letters or digits; write or paste what you are worried about."
        )
    return normalised


def _refuse_unreadable(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise TextTooLongError(
            f"The contact has {len(text):,} characters and at most {MAX_CHARACTERS:,} are read "
            "in one piece; send it in parts, or leave out attachments."
        )
    if _SURROGATE.search(text):
        raise UnreadableTextError(
            "The contact holds half of a character (a lone surrogate); save it as UTF-8 "
            "and send it again."
        )
    if "\0" in text or len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise UnreadableTextError(
            "The contact holds control characters, as a program or a picture does; "
            "send its words as plain text, .docx or .pdf."
        )
    if text.count("\ufffd") > _MOST_REPLACEMENTS * len(text):
        raise UnreadableTextError(
            "Many characters of the contact were lost on the way; save it as UTF-8 "
            "and send it again."
        )


def _replace_variants(text: str) -> NormalisedText:
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    last = 0
    for change in _CHANGES.finditer(text):
        start, end = change.span()
        plain = _plain(change.group())
        pieces += (text[last:start], plain)
        starts.extend(range(last, start))
        ends.extend(range(last + 1, start + 1))
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
        last = end
    if not last:
        return NormalisedText(text, text, range(len(text)), range(1, len(text) + 1))
    pieces.append(text[last:])
    starts.extend(range(last, len(text)))
    ends.extend(range(last + 1, len(text) + 1))
    return NormalisedText(text, "".join(pieces), starts, ends)


def _plain(written: str) -> str:
    plain = _REPLACEMENTS.get(written)
    return unicodedata.normalize("NFC", written) if plain is None else plain
