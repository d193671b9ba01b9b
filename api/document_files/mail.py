"""The text of a saved email."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from api.document_files.document_file import DocumentFile
from api.document_files.errors import DamagedFileError
from api.document_files.markup import strip_markup
from api.document_files.recognition import FileKind


def read_mail(content: bytes) -> DocumentFile:
    """Give the sender, date, subject and body of an .eml.

    Raises:
        DamagedFileError: If its headers or its body cannot be read.
    """
    try:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        return DocumentFile(
            type=FileKind.EML,
            text=lay_out_mail(
                sender=str(message.get("from", "")),
                date=str(message.get("date", "")),
                subject=str(message.get("subject", "")),
                body=_body(message),
            ),
            attachments=sum(1 for _ in message.iter_attachments()),
        )
    except MemoryError:
        raise
    except Exception:  # the email package raises many kinds on hostile headers
        raise DamagedFileError("email") from None


def lay_out_mail(*, sender: str, date: str, subject: str, body: str) -> str:
    """Give a mail as text; without a body there is none, whatever its headers say."""
    if not body.strip():
        return ""
    headers = {"From": sender, "Date": date, "Subject": subject}
    lines = [f"{name}: {value}" for name, value in headers.items() if value.strip()]
    return "\n".join([*lines, "", body])


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except LookupError:  # a character set that Python does not know
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return strip_markup(text) if part.get_content_subtype() == "html" else text
