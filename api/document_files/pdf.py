"""The text of a PDF, with what was typed into its form fields."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from api.document_files.errors import (
    TOO_MUCH,
    DamagedFileError,
    EncryptedFileError,
    FileTooLargeError,
    NoTextError,
)
from nlp.errors import DocumentFileError

MAX_PAGES = 200
# What draws the pages, unpacked, and counted as often as it is drawn: reading takes time by it.
MAX_DRAWING_BYTES = 5_000_000


def read_pdf(content: bytes) -> str:
    """Give the text of a PDF, page by page, then each filled field as 'name: value'.

    Raises:
        EncryptedFileError: If a password is needed to open it.
        FileTooLargeError: If it has more than 200 pages, or far too much on them.
        NoTextError: If it has pages and no text, as a scan has.
        DamagedFileError: If it cannot be opened.
    """
    try:
        text = "\n\n".join(part for part in _parts(content) if part.strip())
    except (DocumentFileError, MemoryError):
        raise
    except (FileNotDecryptedError, DependencyError):  # the second: a cipher we cannot undo
        raise EncryptedFileError("PDF") from None
    except Exception:  # pypdf raises many kinds on hostile bytes
        raise DamagedFileError("PDF") from None
    if not text:
        raise NoTextError(
            "This PDF holds pictures of pages, as a scan does, and no text. Send the form itself, "
            "or paste the text into the box."
        )
    return text


def _parts(content: bytes) -> Iterator[str]:
    reader = PdfReader(BytesIO(content))
    # Many forms are locked against changes only, and open with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise EncryptedFileError("PDF")
    if len(reader.pages) > MAX_PAGES:
        raise FileTooLargeError(
            f"This PDF has more than {MAX_PAGES} pages. Send the form alone, or paste the text "
            "into the box."
        )
    drawn = 0
    for page in reader.pages:
        contents = page.get_contents()
        drawn += len(contents.get_data()) if contents is not None else 0
        if drawn > MAX_DRAWING_BYTES:
            raise FileTooLargeError(TOO_MUCH)
        yield page.extract_text()
    for name, value in (reader.get_form_text_fields() or {}).items():
        if value:
            yield f"{name}: {value}"
