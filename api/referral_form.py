"""The boxes of the page's forms: their texts joined into one contact, and a text put into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlp.document import read_document
from nlp.domain import Agency, Document, Form, Section
from nlp.forms import FormTemplate
from nlp.guidance import DEFAULT_FORMS

ONE_BOX = "text"
ONE_BOX_TITLES = {
    Form.REFERRAL: "A referral in one box",
    Form.PPN: "A police notification (PPN) in one box",
}
DEFAULT_LAYOUT = "one_box_referral"


@dataclass(frozen=True)
class Box:
    """One textarea; ``sections`` are the kinds of section that an uploaded form fills it from."""

    id: str
    title: str
    hint: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The boxes that a contact is written in; text that fits none goes in the first."""

    code: str
    title: str
    form: Form
    form_type: str
    boxes: tuple[Box, ...]

    @property
    def agency(self) -> Agency | None:
        """Who sends it where the writer does not say."""
        return Agency.POLICE if self.form is Form.PPN else None


def layouts_of(forms: Mapping[str, FormTemplate]) -> Mapping[str, Layout]:
    """Give the layouts to choose from: one box, each form's own boxes, one box for a PPN."""
    offered = [
        _one_box(Form.REFERRAL),
        *(_boxes_of(form) for form in sorted(forms.values(), key=_referrals_first)),
        _one_box(Form.PPN),
    ]
    return {layout.code: layout for layout in offered}


def join_boxes(layout: Layout, texts: Mapping[str, str]) -> str:
    """Give one text: each box that is not empty, under its title. The page's script does likewise.

    Line ends become line feeds, as they are in a browser's textarea.
    """
    plain = {key: to_line_feeds(text) for key, text in texts.items()}
    if len(layout.boxes) == 1:
        return plain.get(layout.boxes[0].id, "")
    filled = [box for box in layout.boxes if plain.get(box.id, "").strip()]
    return "\n\n".join(f"{box.title}\n{plain[box.id]}" for box in filled)


def fill_boxes(layout: Layout, text: str) -> dict[str, str]:
    """Give *text* shared out over the boxes by the headings found in it; nothing is lost.

    Raises:
        EmptyTextError, TextTooLongError, UnreadableTextError: If *text* cannot be read.
    """
    if len(layout.boxes) == 1:
        return {layout.boxes[0].id: text}
    parts: dict[str, list[str]] = {}
    document = read_document(text)
    for section in document.sections:
        box = next((box for box in layout.boxes if section.kind in box.sections), layout.boxes[0])
        words = _words(document, section, box)
        if words:
            parts.setdefault(box.id, []).append(words)
    return {key: "\n\n".join(words) for key, words in parts.items()}


def add_to_boxes(texts: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Give *texts* with *more* after what each box already holds."""
    return {
        key: "\n\n".join(part for part in (texts.get(key, ""), more.get(key, "")) if part.strip())
        for key in {**texts, **more}
    }


def to_line_feeds(text: str) -> str:
    """Give *text* with line feeds only: a browser posts a textarea's as CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _words(document: Document, section: Section, box: Box) -> str:
    """The section's text; without its heading where that only says again what the box is called."""
    if section.heading is None:
        return document.text[section.start : section.end].strip()
    heading = document.text[section.heading.start : section.heading.end]
    body = document.text[section.heading.end : section.end].strip()
    if _letters(heading) in _letters(box.title):
        return body
    return document.text[section.heading.start : section.end].strip() if body else ""


def _letters(words: str) -> str:
    return "".join(character for character in words.lower() if character.isalpha())


def _one_box(form: Form) -> Layout:
    box = Box(
        id=ONE_BOX,
        title="What you want to tell the hub",
        hint="Write it here, or paste it from an email, a form or your own system.",
    )
    return Layout(f"one_box_{form}", ONE_BOX_TITLES[form], form, DEFAULT_FORMS[form], (box,))


def _boxes_of(form: FormTemplate) -> Layout:
    boxes = tuple(
        Box(heading.id, heading.title, heading.hint, heading.sections) for heading in form.headings
    )
    return Layout(form.code, form.title, form.form, form.code, boxes)


def _referrals_first(form: FormTemplate) -> tuple[bool, bool, str]:
    return form.form is Form.PPN, form.code not in DEFAULT_FORMS.values(), form.code
