"""Read the hub's forms: what was typed is kept as it is, so that no mistake loses it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData

from api.hub.changing import ChangedMeanwhileError
from api.hub.corrections import LEVEL, PRESENT, CorrectionGiven
from api.hub.decisions import ContactSeen, DecisionGiven
from api.hub.marking import to_code_points
from api.store.codes import CorrectionKind, Expected, Outcome, Step
from nlp.domain import Assertion, Level, Reason

Code = TypeVar("Code", bound=StrEnum)


class Typed:
    """What a person put in a form, by field; absent fields are empty."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def __getitem__(self, field: str) -> str:
        """Give the words of *field* with a browser's line ends made line feeds."""
        value = self._form.get(field, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def all(self, field: str) -> list[str]:
        """Give every value of a field of tick boxes."""
        return [each for each in self._form.getlist(field) if isinstance(each, str)]

    def code(self, field: str, kind: type[Code]) -> Code | None:
        """Give the code that was chosen; ``None`` if none of *kind* was."""
        return _code(self[field], kind)

    def number(self, field: str) -> int | None:
        """Give the whole number in *field*; ``None`` if there is none."""
        return _number(self[field])

    def version(self) -> int:
        """Give the version of the contact that the form was shown with.

        Raises:
            ChangedMeanwhileError: If it holds none: nobody knows then what the person saw.
        """
        found = self.number("version")
        if found is None:
            raise ChangedMeanwhileError
        return found

    def starting(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Give the rest of the name and the value of each filled field that starts so."""
        for field in self._form:
            if field.startswith(prefix) and self[field]:
                yield field.removeprefix(prefix), self[field]


async def _posted(request: Request) -> Typed:
    return Typed(await request.form())


Posted = Annotated[Typed, Depends(_posted)]


def read_decision(typed: Typed, *, text: str) -> DecisionGiven | dict[str, str]:
    """Give the decision in a form about *text*, or what must be chosen first, by field.

    Raises:
        ChangedMeanwhileError: If the form does not say what the person saw.
    """
    outcome, level = typed.code("outcome", Outcome), typed.code("level", Level)
    if outcome is None or level is None:
        return find_lacking(outcome, level)
    said = {"appropriate": False, "inappropriate": True}.get(typed["notification"])
    reasons = (_code(each, Reason) for each in typed.all("reason"))
    expected, _, owed_by = typed["expected"].partition(".")
    return DecisionGiven(
        outcome=outcome,
        level=level,
        rationale=typed["rationale"] or None,
        consent_overridden=bool(typed["consent_overridden"]),
        override_reason=typed["override_reason"] or None,
        notification_inappropriate=said,
        notification_reasons=tuple(each for each in reasons if each),
        expected_notification=_code(expected, Expected),
        expected_from=owed_by or None,
        step=typed.code("step", Step),
        step_note=typed["step_note"] or None,
        corrections=tuple(_corrections(typed, text)),
        held_by=typed["held_by"] or None,
        seen=ContactSeen(typed.version(), typed["assessment_id"] or None),
    )


def find_lacking(
    outcome: Outcome | None, level: Level | None, *, prefix: str = ""
) -> dict[str, str]:
    """Give which of the two must still be chosen, by field; *prefix* begins the fields' names."""
    asked = (("outcome", outcome, "an outcome"), ("level", level, "the level of need"))
    return {f"{prefix}{field}": f"Choose {what}." for field, chosen, what in asked if not chosen}


def _corrections(typed: Typed, text: str) -> Iterator[CorrectionGiven]:
    for code, said in typed.starting("element."):
        yield CorrectionGiven(CorrectionKind.ELEMENT, code, said)
    for place, said in typed.starting("flag."):
        code, _, span = place.partition(".")
        start, _, end = span.partition("-")
        yield CorrectionGiven(CorrectionKind.FLAG, code, said, _number(start), _number(end))
    for code, said in typed.starting("domain."):
        yield CorrectionGiven(CorrectionKind.DOMAIN, code, said)
    if typed["missed_domain"]:
        yield CorrectionGiven(CorrectionKind.DOMAIN, typed["missed_domain"], PRESENT)
    if typed["text_level"]:
        yield CorrectionGiven(CorrectionKind.LEVEL, LEVEL, typed["text_level"])
    if typed["missed_flag"]:
        yield _missed_flag(typed, text)


def _missed_flag(typed: Typed, text: str) -> CorrectionGiven:
    """A flag that was not found, with its words where the person marked them in the page."""
    shown = typed.number("missed_start"), typed.number("missed_end")
    start, end = (None if each is None else to_code_points(text, each) for each in shown)
    marked = start is not None and end is not None and start < end
    said = typed["missed_flag"]
    if not marked:
        return CorrectionGiven(CorrectionKind.FLAG, said, Assertion.PRESENT)
    return CorrectionGiven(CorrectionKind.FLAG, said, Assertion.PRESENT, start, end)


def _code(written: str, kind: type[Code]) -> Code | None:
    return next((each for each in kind if each == written), None)


def _number(written: str) -> int | None:
    plain = written.isascii() and written.isdigit() and len(written) <= 9
    return int(written) if plain else None
