"""Read an uploaded form and give its text and sections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from api.access.rules import PUBLIC
from api.dependencies import UsesBench, UsesFileBench
from api.document_files.apart import read_apart
from api.document_files.document_file import DocumentFile
from api.document_files.reading import MAX_BYTES
from api.error_responses import errors
from api.offsets import utf16_counter
from api.schemas import DocumentOut, OffsetUnit, SectionOut
from nlp.document import read_document
from nlp.domain import Section

router = APIRouter(prefix="/documents", tags=["documents"], dependencies=[PUBLIC])


@router.post(
    "",
    summary="Read a form: .docx, .pdf, .txt, .eml or .msg",
    responses=errors(400, 413, 415, 422, 429),
)
async def read_upload(
    *,
    file: Annotated[
        UploadFile, File(description="The form, up to 5 MB; its name is not looked at")
    ],
    offset_unit: Annotated[
        OffsetUnit, Form(description="What start and end count; a browser wants utf16")
    ] = OffsetUnit.CODE_POINTS,
    bench: UsesBench,
    file_bench: UsesFileBench,
) -> DocumentOut:
    """Give a file's text with the sections found in it; the file is not kept."""
    # One byte more than allowed is enough to see that it is too many.
    content = await file.read(MAX_BYTES + 1)
    read = await file_bench.run(read_apart, content)
    return await bench.run(_tell, read, unit=offset_unit)


def _tell(file: DocumentFile, *, unit: OffsetUnit) -> DocumentOut:
    count = utf16_counter(file.text) if unit is OffsetUnit.UTF16 else int
    return DocumentOut(
        type=file.type,
        text=file.text,
        attachments=file.attachments,
        sections=tuple(
            SectionOut(
                kind=section.kind,
                heading=_heading(file, section),
                start=count(section.start),
                end=count(section.end),
            )
            for section in read_document(file.text).sections
        ),
    )


def _heading(file: DocumentFile, section: Section) -> str | None:
    if section.heading is None:
        return None
    return file.text[section.heading.start : section.heading.end]
