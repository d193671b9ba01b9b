"""The text of a message saved from Outlook."""

from __future__ import annotations

from oxmsg import Message

from api.document_files.document_file import DocumentFile
from api.document_files.errors import DamagedFileError
from api.document_files.mail import lay_out_mail
from api.document_files.markup import strip_markup
from api.document_files.recognition import FileKind


def read_outlook(content: bytes) -> DocumentFile:
    """Give the sender, date, subject and body of a .msg.

    Raises:
        DamagedFileError: If it cannot be opened.
    """
    try:
        message = Message.load(content)
        sent = message.sent_date
        return DocumentFile(
            type=FileKind.MSG,
            text=lay_out_mail(
                sender=message.sender or "",
                date=f"{sent:%d %B %Y %H:%M}" if sent else "",
                subject=message.subject,
                body=message.body or strip_markup(message.html_body or ""),
            ),
            attachments=message.attachment_count,
        )
    except MemoryError:
        raise
    except Exception:  # the libraries below raise many kinds on hostile bytes
        raise DamagedFileError("Outlook message") from None
