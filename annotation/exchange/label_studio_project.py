"""The labelling interface for Label Studio, made from the label sets and the guide's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element as Tag
from xml.etree.ElementTree import SubElement, indent, tostring

from annotation.exchange import label_studio as names
from nlp.domain import (
    LEVELS,
    STATUSES,
    Assertion,
    Certainty,
    Element,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)

PROJECT = Path(__file__).parents[1] / "label_studio.xml"
GUIDE = Path(__file__).parents[1] / "guidelines.md"

# No key twice: Label Studio gives a key to one control only. A sentence is chosen with the mouse
# or with its own keys (alt and a full stop: the next region).
_ELEMENT_KEYS = "1234567890qwerty"
_KEYS = {
    names.LEVEL: "asdf",
    names.CERTAINTY: "zxc",
    names.URGENCY: "vbn",
    names.APPROPRIATE: "gh",
}
_CODE = re.compile(r"`(\w+)`")
_SECTION = re.compile(
    r"^## (?P<title>\d\. .*)$\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)


def write_project() -> str:
    """Give the XML of the labelling interface, as ``annotation/label_studio.xml`` holds it."""
    guide = GUIDE.read_text(encoding="utf-8")
    view = Tag("View")
    # Without this Label Studio drops spaces and every place behind them is wrong.
    SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    SubElement(view, "Header", value="$id: a $form from $agency ($role)", size="4")
    SubElement(view, "Labels", name=names.SENTENCES, toName=names.TEXT)
    SubElement(view[-1], "Label", value="sentence", hotkey="m", background="#005a70")
    SubElement(view, "Text", name=names.TEXT, value="$text", granularity="word")
    _add_sentence(view, help_by_code(guide))
    _add_contact(view, help_by_code(guide))
    _add_guide(view, guide)
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def help_by_code(guide: str) -> Mapping[str, str]:
    """Give what the guide's tables say of each code, every cell after the head of its column."""
    said: dict[str, str] = {}
    heads: list[str] = []
    for line in guide.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            heads = []
        elif not heads:
            heads = cells
        elif code := _CODE.fullmatch(cells[0]):
            told = zip(heads[1:], cells[1:], strict=True)
            said[code[1]] = ". ".join(f"{head.capitalize()}: {cell}" for head, cell in told if cell)
    return said


def _add_sentence(view: Tag, said: Mapping[str, str]) -> None:
    """What is asked of the sentence that is chosen."""
    part = SubElement(view, "View", visibleWhen="region-selected")
    SubElement(part, "Header", value="This sentence is evidence for", size="5")
    elements = _choices(part, names.ELEMENTS, choice="multiple", perRegion="true")
    for element, key in zip(Element, _ELEMENT_KEYS, strict=True):
        SubElement(elements, "Choice", value=element, hint=said[element], hotkey=key)
    SubElement(part, "Header", value="Safety flags of this sentence, with assertion", size="5")
    flags = SubElement(
        part, "Taxonomy", name=names.FLAGS, toName=names.TEXT, perRegion="true", leafsOnly="true"
    )
    for flag in SafetyFlag:
        branch = SubElement(flags, "Choice", value=flag)
        for assertion in Assertion:
            SubElement(branch, "Choice", value=assertion)


def _add_contact(view: Tag, said: Mapping[str, str]) -> None:
    """What is asked of the whole contact."""
    _ask(view, "Level", names.LEVEL, LEVELS, said, required="true")
    _ask(view, "Next most likely level, where certainty is not clear", names.ALTERNATIVE, LEVELS)
    _ask(view, "Certainty", names.CERTAINTY, Certainty, required="true")
    _ask(view, "Urgency", names.URGENCY, Urgency, required="true")
    _ask(view, "Need domains", names.DOMAINS, NeedDomain, choice="multiple")
    judged = (names.YES, names.NO)
    _ask(view, "Police notifications only", names.APPROPRIATE, judged)
    _ask(view, "Reasons, if inappropriate", names.REASONS, Reason, said, choice="multiple")
    for element in Element:
        name = names.STATUS + element
        _ask(view, element.replace("_", " "), name, STATUSES, required="true", showInline="true")


def _ask(
    view: Tag,
    title: str,
    name: str,
    answers: Iterable[str],
    said: Mapping[str, str] | None = None,
    *,
    choice: str = "single",
    **more: str,
) -> None:
    SubElement(view, "Header", value=title, size="5")
    control = _choices(view, name, choice=choice, **more)
    keys = iter(_KEYS.get(name, ""))
    for answer in answers:
        option = SubElement(control, "Choice", value=answer)
        if said and answer in said:
            option.set("hint", said[answer])
        if key := next(keys, ""):
            option.set("hotkey", key)


def _choices(view: Tag, name: str, **more: str) -> Tag:
    return SubElement(view, "Choices", {"name": name, "toName": names.TEXT} | more)


def _add_guide(view: Tag, guide: str) -> None:
    """The guide's prose, folded; its tables stand as hints beside the choices."""
    fold = SubElement(view, "Collapse")
    for section in _SECTION.finditer(guide):
        lines = [line for line in section["body"].splitlines() if line and line[0] != "|"]
        panel = SubElement(fold, "Panel", value=f"Guide: {section['title']}")
        for line in lines:
            SubElement(panel, "Header", value=line.removeprefix("- "), size="6")
