"""Why an uploaded file cannot be read: what was found, what was expected, what to do."""

from __future__ import annotations

from nlp.errors import DocumentFileError

EXPECTED = "Send a Word document (.docx), a PDF with text, a text file, or an email (.eml or .msg)"
PASTE = "or paste the text into the box"
TOO_MUCH = (
    "This file holds far more than a form does, or is built so that it cannot be read in time. "
    f"Send the form alone, {PASTE}."
)


class WrongFileTypeError(DocumentFileError):
    """The file is of a kind that we do not read."""

    def __init__(self, found: str) -> None:
        super().__init__(f"This file looks like {found}. {EXPECTED}, {PASTE}.")


class FileTooLargeError(DocumentFileError):
    """The file, or what it unpacks to, is larger than we read."""


class EncryptedFileError(DocumentFileError):
    """The file is locked with a password."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"This {found} is locked with a password. Save a copy without one, {PASTE}."
        )


class NoTextError(DocumentFileError):
    """The file holds no words."""


class DamagedFileError(DocumentFileError):
    """The file breaks the rules of its own kind."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"This {found} is damaged and could not be opened. Open it on your computer and save "
            f"it again, {PASTE}."
        )
