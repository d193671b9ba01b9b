"""Load the forms, frameworks and wording that judgements are given in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from nlp.domain import Form
from nlp.errors import RulebookError, UnknownChoiceError
from nlp.forms import FormTemplate
from nlp.frameworks import Framework
from nlp.rating import RatingFile
from nlp.rule_files import RULEBOOK, RuleFile, load_rule_file
from nlp.wording import EnglishFile, PromptsFile, ReasonsFile, UrgencyFile, WordingFile

DEFAULT_FRAMEWORK = "tees"
DEFAULT_FORMS = {Form.REFERRAL: "safer", Form.PPN: "ppn"}

Coded = TypeVar("Coded", FormTemplate, Framework)
Schema = TypeVar("Schema", bound=RuleFile)


@dataclass(frozen=True)
class Guidance:
    """Every wording file, checked."""

    prompts: PromptsFile
    reasons: ReasonsFile
    urgency: UrgencyFile
    wording: WordingFile
    rating: RatingFile
    english: EnglishFile


@cache
def load_guidance(folder: Path = RULEBOOK) -> Guidance:
    """Read the wording files in *folder*, once.

    Raises:
        RulebookError: If any file holds mistakes; the message lists those of all files.
    """
    read = _Gathering()
    prompts = read(folder / "prompts.yaml", PromptsFile)
    reasons = read(folder / "reasons.yaml", ReasonsFile)
    urgency = read(folder / "urgency.yaml", UrgencyFile)
    wording = read(folder / "wording.yaml", WordingFile)
    rating = read(folder / "rating.yaml", RatingFile)
    english = read(folder / "english.yaml", EnglishFile)
    if not (prompts and reasons and urgency and wording and rating and english):
        raise RulebookError("\n".join(read.mistakes))
    return Guidance(prompts, reasons, urgency, wording, rating, english)


@cache
def load_frameworks(folder: Path = RULEBOOK) -> Mapping[str, Framework]:
    """Read every framework, once; by code.

    Raises:
        RulebookError: If any file holds mistakes.
    """
    return _load_coded(folder / "frameworks", Framework)


@cache
def load_forms(folder: Path = RULEBOOK) -> Mapping[str, FormTemplate]:
    """Read every form, once; by code.

    Raises:
        RulebookError: If any file holds mistakes.
    """
    return _load_coded(folder / "forms", FormTemplate)


def framework_for(code: str | None = None) -> Framework:
    """Give the framework called *code*, or the default one.

    Raises:
        UnknownChoiceError: If there is none of that name.
    """
    return _chosen(load_frameworks(), code or DEFAULT_FRAMEWORK, "framework")


def form_for(contact_form: Form, form_type: str | None = None) -> FormTemplate:
    """Give the form called *form_type*, or the usual one for *contact_form*.

    Raises:
        UnknownChoiceError: If there is none of that name, or it is for the other kind of contact.
    """
    form = _chosen(load_forms(), form_type or DEFAULT_FORMS[contact_form], "form")
    if form.form is not contact_form:
        raise UnknownChoiceError(
            f"the form '{form.code}' is for a {form.form}, not a {contact_form}; "
            f"leave form_type out to use '{DEFAULT_FORMS[contact_form]}'"
        )
    return form


class _Gathering:
    """Reads files one after another, gathering mistakes instead of stopping at the first."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def __call__(self, path: Path, schema: type[Schema]) -> Schema | None:
        try:
            return load_rule_file(path, schema)
        except RulebookError as error:
            self.mistakes.append(str(error))
            return None


def _load_coded(folder: Path, schema: type[Coded]) -> Mapping[str, Coded]:
    read = _Gathering()
    files = {path: read(path, schema) for path in sorted(folder.glob("*.yaml"))}
    if not files:
        read.mistakes.append(f"{folder.name}: has no files; restore them")
    for path, file in files.items():
        if file and file.code != path.stem:
            read.mistakes.append(f"{path.name}: code is '{file.code}'; make it '{path.stem}'")
    if read.mistakes:
        raise RulebookError("\n".join(read.mistakes))
    return {file.code: file for file in files.values() if file}


def _chosen(choices: Mapping[str, Coded], code: str, kind: str) -> Coded:
    try:
        return choices[code]
    except KeyError:
        raise UnknownChoiceError(
            f"there is no {kind} of that name; choose one of {', '.join(choices)}"
        ) from None
