"""A file's bytes in, its text out."""

from __future__ import annotations

from api.document_files.document_file import DocumentFile, tidy
from api.document_files.errors import FileTooLargeError, NoTextError
from api.document_files.plain_text import read_plain_text
from api.document_files.recognition import FileKind, recognise

MAX_BYTES = 5 * 1024 * 1024


def read_file(content: bytes) -> DocumentFile:
    """Give the text of an uploaded form; its kind is told by its content.

    Raises:
        DocumentFileError: Of a kind in `api.document_files.errors`, with a message for the sender.
    """
    if len(content) > MAX_BYTES:
        raise FileTooLargeError(
            "This file is larger than 5 MB. Send a smaller one, or paste the text into the box."
        )
    if not content.strip():
        raise NoTextError("This file is empty. Choose another, or paste the text into the box.")
    file = _read(content, recognise(content))
    text = tidy(file.text)
    if not text:
        raise NoTextError(
            "This file holds no words. Choose another, or paste the text into the box."
        )
    return DocumentFile(type=file.type, text=text, attachments=file.attachments)


def _read(content: bytes, kind: FileKind) -> DocumentFile:
    """A reader is loaded for its own kind alone: a process reads one file."""
    match kind:
        case FileKind.EML:
            from api.document_files.mail import read_mail

            return read_mail(content)
        case FileKind.MSG:
            from api.document_files.outlook import read_outlook

            return read_outlook(content)
        case FileKind.DOCX:
            from api.document_files.word import read_word

            return DocumentFile(kind, read_word(content))
        case FileKind.PDF:
            from api.document_files.pdf import read_pdf

            return DocumentFile(kind, read_pdf(content))
        case FileKind.TEXT:
            return DocumentFile(kind, read_plain_text(content))
