"""What crosses the wire besides the assessment itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nlp.domain import Agency, Element, Form, Level
from nlp.text import MAX_CHARACTERS


class OffsetUnit(StrEnum):
    """What offsets count: Python counts code points, browsers count UTF-16 units."""

    CODE_POINTS = "code_points"
    UTF16 = "utf16"


class Wire(BaseModel):
    """A shape on the wire; an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EXAMPLE_TEXT = (
    "Situation: On 4 March 2026 at 09:10 Ava (DOB 12/03/2017, Year 4) told me that her dad hit her "
    "with a belt last night. I saw a red mark about 5 cm long on her left arm. She said she does "
    "not want to go home. Mum has been told and agrees to this referral."
)


class AssessmentIn(Wire):
    """A contact to be read; it is assessed in memory and forgotten."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": EXAMPLE_TEXT, "form": "referral", "agency": "school"},
                {
                    "text": "Officers attended a verbal argument between neighbours. "
                    "No children live at either address.",
                    "form": "ppn",
                    "agency": "police",
                    "earlier_contacts": 0,
                    "offset_unit": "utf16",
                },
            ]
        }
    )

    text: Annotated[
        str, Field(strict=True, max_length=MAX_CHARACTERS, description="The words of the contact")
    ]
    form: Annotated[Form, Field(description="A referral, or a police notification (PPN)")]
    agency: Annotated[
        Agency | None, Field(description="Who sends it; prompts are fitted to it")
    ] = None
    form_type: Annotated[
        str | None,
        Field(max_length=40, description="The form it is written on: an id of GET /api/v1/forms"),
    ] = None
    framework: Annotated[
        str | None,
        Field(
            max_length=40,
            description="The local threshold document: an id of GET /api/v1/frameworks",
        ),
    ] = None
    earlier_contacts: Annotated[
        int | None,
        Field(ge=0, le=1000, description="Contacts about the same child in the last twelve months"),
    ] = None
    offset_unit: Annotated[
        OffsetUnit, Field(description="What start and end count; a browser wants utf16")
    ] = OffsetUnit.CODE_POINTS


class SectionOut(Wire):
    """A stretch of a document under one heading of its form."""

    kind: str | None = Field(description="The heading's code; null before the first heading")
    heading: str | None = Field(description="The heading's own words")
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class DocumentOut(Wire):
    """The text of an uploaded document, which was not kept."""

    type: str = Field(description="What the file was found to be: docx, pdf, text, eml or msg")
    text: str
    sections: tuple[SectionOut, ...]
    attachments: int = Field(
        ge=0, description="Files attached to an email, which were not read: upload each by itself"
    )


class LocalLevelOut(Wire):
    """One of the four levels in an area's own words."""

    level: Level
    number: int
    name: str
    route: str
    meaning: str


class FrameworkOut(Wire):
    """A local threshold document."""

    id: str
    name: str
    source: str
    default: bool = Field(description="Used where a request names none")
    levels: tuple[LocalLevelOut, ...]


class HeadingOut(Wire):
    """One box of a form."""

    id: str
    title: str
    hint: str
    elements: tuple[Element, ...]


class ExpectedElementOut(Wire):
    """How much an element counts on a form, and why."""

    element: Element
    weight: int
    critical: bool = Field(description="Does its absence cap the rating?")
    why: str


class FormOut(Wire):
    """A form, its boxes and what it asks for."""

    id: str
    title: str
    form: Form
    about: str
    headings: tuple[HeadingOut, ...]
    elements: tuple[ExpectedElementOut, ...]


class HealthOut(Wire):
    """The process is up."""

    status: str = "ok"


class ReadyOut(Wire):
    """Whether assessments can be had now, and what answers them."""

    ready: bool
    reader: str | None
    rulebook: str


class VersionOut(Wire):
    """What is running."""

    version: str
    reader: str | None
    rulebook: str


class FieldProblem(Wire):
    """What is wrong with one field; never its value."""

    field: str
    problem: str


class Problem(Wire):
    """What was found, what was expected, what to do."""

    code: str
    message: str
    fields: tuple[FieldProblem, ...] | None = None


class ErrorOut(Wire):
    """The one shape of every error."""

    error: Problem
