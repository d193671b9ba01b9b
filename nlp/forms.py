"""What a form file holds: the elements a form asks for, how much each counts, its headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from nlp.domain import Element, Form
from nlp.rule_files import RuleFile
from nlp.rule_schemas import RulePart, Words

Weight = Annotated[int, Field(ge=1, le=5)]


class ExpectedElement(RulePart):
    """How much an element counts on a form, and why."""

    weight: Weight
    critical: bool = False
    rationale: Words


class FormHeading(RulePart):
    """One box of a form, with the elements it asks for.

    ``sections`` are the kinds of ``headings.yaml`` that an uploaded form fills it from.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    title: Words
    hint: Words
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]
    sections: tuple[str, ...] = ()


class FormTemplate(RuleFile):
    """A file of ``forms/``.

    The score is the weighted share of points over ``elements``; the rating cannot pass
    'requires improvement' while one that is ``critical`` is missing.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    title: Words
    form: Form
    about: Words
    headings: Annotated[tuple[FormHeading, ...], Field(min_length=1)]
    elements: Annotated[Mapping[Element, ExpectedElement], Field(min_length=1)]

    @model_validator(mode="after")
    def _headings_ask_for_what_is_expected(self) -> FormTemplate:
        asked = {element for heading in self.headings for element in heading.elements}
        forgotten = [element.value for element in self.elements if element not in asked]
        if forgotten:
            raise ValueError(
                f"no heading asks for {', '.join(forgotten)}; add each to a heading's elements"
            )
        return self

    @model_validator(mode="after")
    def _headings_differ(self) -> FormTemplate:
        ids = [heading.id for heading in self.headings]
        if len(ids) != len(set(ids)):
            raise ValueError("two headings have the same id; give each its own")
        return self
