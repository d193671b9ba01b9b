"""The text of a text file, in the encodings that Windows and phones write."""

from __future__ import annotations

import codecs
import re

from api.document_files.errors import WrongFileTypeError

BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\ufffd]")
SAMPLE = 4_000
# English in UTF-16 has a zero in every second byte.
ZEROES_OF_UTF16 = 0.4


def read_plain_text(content: bytes) -> str:
    """Give the text of *content*, from UTF-8, UTF-16 or Windows-1252.

    Raises:
        WrongFileTypeError: If it is not text.
    """
    text = _decode(content)
    if text is None or NOT_TEXT.search(text):
        raise WrongFileTypeError("a file that is not text")
    return text


def _decode(content: bytes) -> str | None:
    for encoding in _likely_encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _likely_encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(BYTE_ORDER_MARKS):
        return ("utf-16",)
    even, odd = content[:SAMPLE:2], content[1:SAMPLE:2]
    if odd.count(0) > ZEROES_OF_UTF16 * len(even):
        return ("utf-16-le",)
    if even.count(0) > ZEROES_OF_UTF16 * len(even):
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")
