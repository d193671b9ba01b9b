"""The text of a Word document: paragraphs and tables in the order in which they are read.

Forms keep their answers in content controls and text boxes, which python-docx's own paragraphs
leave out, so its XML is walked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from api.document_files.errors import DamagedFileError, FileTooLargeError, WrongFileTypeError

PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
TEXT, TEXT_BOX = qn("w:t"), qn("w:txbxContent")
BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Deleted or moved words, settings, and the second copy that Word keeps of each text box.
SKIPPED = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    qn("w:sectPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
# A form of twenty pages has some thirty thousand; each takes ten microseconds to walk.
MAX_ELEMENTS = 300_000
LONGEST_LABEL = 60  # characters in the left cell of a row that reads 'label: answer'


def read_word(content: bytes) -> str:
    """Give the text of a .docx, its headers first.

    Raises:
        WrongFileTypeError: If it is a template or has macros.
        FileTooLargeError: If it has far more parts than a form.
        DamagedFileError: If it cannot be opened.
    """
    try:
        document = docx.Document(BytesIO(content))
        roots = [*_headers(document), document.element.body]
        _refuse_too_many_parts(roots)
        return "\n".join(block for root in roots for block in _blocks(root))
    except (FileTooLargeError, MemoryError):
        raise
    except ValueError:
        raise WrongFileTypeError("a Word template or a document with macros") from None
    except Exception:  # the libraries below raise many kinds on hostile bytes
        raise DamagedFileError("Word document") from None


def _refuse_too_many_parts(roots: list[Any]) -> None:
    if sum(root.xpath("count(.//*)") for root in roots) > MAX_ELEMENTS:
        raise FileTooLargeError(
            "This Word document holds far more than a form does. Send the form alone, or paste the "
            "text into the box."
        )


def _headers(document: Any) -> Iterator[Any]:
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            if not header.is_linked_to_previous:
                yield header._element  # python-docx has no other way to its XML


def _blocks(element: Any) -> Iterator[str]:
    """Paragraphs and table rows under *element*, in order."""
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag == PARAGRAPH:
            yield from _paragraph(child)
        elif child.tag == TABLE:
            yield from (_row(row) for row in child.iter(ROW) if _table_of(row) is child)
        else:
            yield from _blocks(child)


def _paragraph(paragraph: Any) -> Iterator[str]:
    boxes: list[Any] = []
    yield "".join(_inline(paragraph, boxes))
    for box in boxes:
        yield from _blocks(box)


def _inline(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[child.tag]
        elif child.tag == TEXT_BOX:
            boxes.append(child)
        else:
            yield from _inline(child, boxes)


def _table_of(row: Any) -> Any:
    return next(row.iterancestors(TABLE), None)


def _row(row: Any) -> str:
    cells = [_cell(cell) for cell in row.iter(CELL) if next(cell.iterancestors(ROW), None) is row]
    filled = [cell for cell in cells if cell]
    if len(filled) == 2 and _is_label(filled[0]):
        return f"{filled[0].rstrip(':')}: {filled[1]}"
    return " | ".join(filled)


def _cell(cell: Any) -> str:
    return "\n".join(block for block in _blocks(cell) if block.strip()).strip()


def _is_label(text: str) -> bool:
    return len(text) <= LONGEST_LABEL and "\n" not in text and text[-1] not in ".?!"
