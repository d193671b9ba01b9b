"""Files as partners send them, made from a few words."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter

END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, MINI = 512, 64
PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]"


def make_docx(
    *paragraphs: str, rows: Sequence[Sequence[str]] = (), header: str = "", xml: str = ""
) -> bytes:
    """A Word document; *xml* goes after all else in its body."""
    document = docx.Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for words in paragraphs:
        document.add_paragraph(words)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    if xml:
        wrapped: Any = parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")
        for element in list(wrapped):
            document.element.body.append(element)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def make_zip(entries: Mapping[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def make_pdf(*pages: str, locked_with: str | None = None) -> bytes:
    """A PDF with one line of text on each page; an empty page is what a scan looks like."""
    count = len(pages)
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(count))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    for at, words in enumerate(pages):
        drawing = f"BT /F1 12 Tf 40 700 Td ({words}) Tj ET" if words else ""
        objects += [
            f"<< {PAGE} /Contents {4 + 2 * at} 0 R /Resources << /Font << /F1 {font} >> >> >>",
            f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        ]
    plain = _assemble(objects)
    if locked_with is None:
        return plain
    writer, kept = PdfWriter(clone_from=PdfReader(BytesIO(plain))), BytesIO()
    writer.encrypt(locked_with, "owner", algorithm="RC4-128")
    writer.write(kept)
    return kept.getvalue()


def make_form_pdf(**fields: str) -> bytes:
    """A PDF form with its fields filled in."""
    numbers = range(5, 5 + len(fields))
    widgets = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{widgets}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {PAGE} /Contents 4 0 R /Annots [{widgets}] >>",
        "<< /Length 0 >>\nstream\n\nendstream",
    ]
    objects += [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V ({value}) /Rect [0 0 9 9] >>"
        for name, value in fields.items()
    ]
    return _assemble(objects)


def _assemble(objects: Sequence[str]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    )
    return content + tail.encode()


def make_eml(
    body: str, *, subject: str = "Referral", subtype: str = "plain", files: int = 0
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "PC Ellis <ellis@police.example>", "hub@council.example"
    message["Date"], message["Subject"] = "Wed, 04 Mar 2026 09:10:00 +0000", subject
    message["Message-ID"] = "<1@police.example>"
    message.set_content(body, subtype=subtype)
    for number in range(files):
        message.add_attachment(
            b"%PDF-1.4", maintype="application", subtype="pdf", filename=f"{number}.pdf"
        )
    return message.as_bytes()


def make_msg(body: str, *, subject: str = "Referral", sender: str = "PC Ellis") -> bytes:
    """A message as Outlook saves it, as far as readers look."""
    strings = {0x0037: subject, 0x0C1A: sender, 0x0C1F: "ellis@police.example", 0x1000: body}
    encoded = {pid: words.encode("utf-16-le", "surrogatepass") for pid, words in strings.items()}
    entries = b"".join(
        struct.pack("<HHIII", 0x001F, pid, 6, len(words) + 2, 0) for pid, words in encoded.items()
    )
    streams = {"__properties_version1.0": bytes(32) + entries}
    streams |= {f"__substg1.0_{pid:04X}001F": words for pid, words in encoded.items()}
    return make_compound_file(streams)


def make_compound_file(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB version 3) with small *streams* in its root."""
    mini_fat: list[int] = []
    mini_stream, firsts = b"", {}
    for name, content in streams.items():
        if len(content) >= 4096:
            raise ValueError("a stream of 4096 bytes or more is not for the mini stream")
        firsts[name] = len(mini_fat) if content else END
        sectors = -(-len(content) // MINI)
        mini_fat += [len(mini_fat) + at + 1 for at in range(sectors - 1)] + [END] * bool(sectors)
        mini_stream += content.ljust(sectors * MINI, b"\0")
    directory = _directory(streams, firsts, size=len(mini_stream))
    parts = [directory, _padded(mini_stream), _padded(_longs(mini_fat), filler=b"\xff")]
    fat, starts = _chains(parts)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, starts[0], 0, 4096,
        starts[2], len(parts[2]) // SECTOR, END, 0,
    )  # fmt: skip
    header += _longs([len(fat) - 1] + [FREE] * 108)
    directory = directory[:116] + struct.pack("<I", starts[1]) + directory[120:]
    return header + directory + parts[1] + parts[2] + _padded(_longs(fat), filler=b"\xff")


def _directory(streams: Mapping[str, bytes], firsts: Mapping[str, int], *, size: int) -> bytes:
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = _entry("Root Entry", kind=5, child=1, first=0, size=size)
    for at, name in enumerate(names, start=1):
        following = at + 1 if at < len(names) else FREE
        entries += _entry(
            name, kind=2, right=following, first=firsts[name], size=len(streams[name])
        )
    return _padded(entries)


def _entry(
    name: str, *, kind: int, first: int, size: int, right: int = FREE, child: int = FREE
) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        encoded,
        len(encoded) + 2,
        kind,
        1,
        FREE,
        right,
        child,
        0,
        first,
        size,
    )


def _chains(parts: Sequence[bytes]) -> tuple[list[int], list[int]]:
    fat: list[int] = []
    starts = []
    for part in parts:
        starts.append(len(fat))
        sectors = len(part) // SECTOR
        fat += [len(fat) + at + 1 for at in range(sectors - 1)] + [END]
    return [*fat, FAT_SECTOR], starts


def _longs(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _padded(content: bytes, *, filler: bytes = b"\0") -> bytes:
    return content.ljust(-(-len(content) // SECTOR) * SECTOR, filler)
