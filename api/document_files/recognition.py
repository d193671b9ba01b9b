"""What kind of file is this? Told by its content: a name can say anything."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import BytesIO

from api.document_files.errors import (
    DamagedFileError,
    EncryptedFileError,
    FileTooLargeError,
    WrongFileTypeError,
)


class FileKind(StrEnum):
    """The kinds that we read."""

    DOCX = "docx"
    PDF = "pdf"
    TEXT = "text"
    EML = "eml"
    MSG = "msg"


# A form is a few hundred kilobytes of XML; pictures in it are packed already.
MAX_UNPACKED_BYTES = 40_000_000
MAX_ZIP_ENTRIES = 2_000

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_MARK_WITHIN = 1024  # readers look for %PDF- this far into a file

# First bytes, and what people call such a file.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture or a scan"),
    (b"MM\x00*", "a picture or a scan"),
    (b"{\\rtf", "a rich text file (.rtf); save it as .docx"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"MZ\x90", "a program"),
    (b"\x7fELF", "a program"),
)
INSIDE_ZIP: tuple[tuple[str, str], ...] = (
    ("xl/workbook", "an Excel workbook"),
    ("ppt/", "a PowerPoint file"),
    ("content.xml", "an OpenDocument file; save it as .docx"),
)
WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<\?xml)", re.IGNORECASE)
# No one writes these headers by hand at the top of a text, and every saved email has one.
EMAIL_HEADERS = re.compile(
    rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    rb"(?:(?:mime-version|message-id|return-path|content-type):|received:\s*(?:from|by)\s)",
    re.IGNORECASE,
)
HEADERS_WITHIN = 32_000


def recognise(content: bytes) -> FileKind:
    """Give the kind of the file *content*.

    Raises:
        WrongFileTypeError: If it is none that we read; the message names what it looks like.
        EncryptedFileError, DamagedFileError, FileTooLargeError: If that shows already here.
    """
    if b"%PDF-" in content[:PDF_MARK_WITHIN]:
        return FileKind.PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(content)
    if content.startswith(COMPOUND_FILE):
        return _inside_ole(content)
    for mark, found in OTHERS:
        if content.startswith(mark):
            raise WrongFileTypeError(found)
    if WEB_PAGE.match(content):
        raise WrongFileTypeError("a web page or an XML file")
    if EMAIL_HEADERS.match(content[:HEADERS_WITHIN].replace(b"\r\n", b"\n")):
        return FileKind.EML
    return FileKind.TEXT


def _inside_zip(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except Exception:  # zipfile raises many kinds on hostile bytes
        raise DamagedFileError("Word document or packed file") from None
    # Python unpacks no more of an entry than the size it declares, so the declared sizes count.
    if (
        len(entries) > MAX_ZIP_ENTRIES
        or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES
    ):
        raise FileTooLargeError(
            "This file unpacks to far more than a form holds. Send a form of at most 40 MB "
            "unpacked, or paste the text into the box."
        )
    names = [entry.filename for entry in entries]
    if "word/document.xml" in names:
        return FileKind.DOCX
    for inside, found in INSIDE_ZIP:
        if any(name.startswith(inside) for name in names):
            raise WrongFileTypeError(found)
    raise WrongFileTypeError("a packed file")


def _inside_ole(content: bytes) -> FileKind:
    # First, since an attachment may bring the names of the others.
    if _has_entry(content, "__properties_version1.0"):
        return FileKind.MSG
    if _has_entry(content, "EncryptedPackage"):
        raise EncryptedFileError("Office file")
    if _has_entry(content, "WordDocument"):
        raise WrongFileTypeError("an old Word document (.doc); save it as .docx")
    raise WrongFileTypeError("an old Office file")


def _has_entry(content: bytes, name: str) -> bool:
    # A compound file's directory holds its names as they are, in UTF-16.
    return name.encode("utf-16-le") in content
