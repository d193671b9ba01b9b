"""One contact in, one assessment out: everything loaded once and used from many threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.logs import Event, log_failure
from nlp.assess import assess
from nlp.assessment import Assessment
from nlp.domain import Agency, Contact, Form
from nlp.errors import (
    ArtefactError,
    EmptyTextError,
    ReferralQualityError,
    TextTooLongError,
    UnknownChoiceError,
    UnreadableTextError,
)
from nlp.forms import FormTemplate
from nlp.frameworks import Framework
from nlp.guidance import DEFAULT_FRAMEWORK, form_for, load_forms, load_frameworks
from nlp.memory import loading
from nlp.reading import Reader
from nlp.rules import Rulebook, load_rulebook

TEXT_ERRORS = (EmptyTextError, TextTooLongError, UnreadableTextError)


class ChecksUnavailableError(ReferralQualityError):
    """A contact could not be checked, for a reason that is ours."""

    def __init__(self) -> None:
        super().__init__(
            "Checks are not available at the moment. You can still send your referral: do not wait "
            "for this check. If a child may be at risk now, ring the hub, or 999."
        )


@dataclass(frozen=True)
class Assessor:
    """Everything that an assessment needs; ``reader`` is ``None`` where none could be loaded."""

    reader: Reader | None
    rulebook: Rulebook
    frameworks: Mapping[str, Framework]
    forms: Mapping[str, FormTemplate]
    default_framework: str = DEFAULT_FRAMEWORK

    def __post_init__(self) -> None:
        self.framework(self.default_framework)

    @classmethod
    def load(
        cls,
        *,
        reader: Reader | None = None,
        default_framework: str = DEFAULT_FRAMEWORK,
        readers_folder: str = "",
    ) -> Assessor:
        """Load the reader in service, or take *reader*, and every rule file.

        Without a *readers_folder* that is the shipped reader. A reader that cannot be loaded
        leaves the assessor without one: it then answers every contact with
        `ChecksUnavailableError`, and pages and reference lists still work.

        Raises:
            RulebookError: If a rule file holds mistakes.
            UnknownChoiceError: If there is no framework *default_framework*.
        """
        with loading():
            return cls(
                reader=reader or load_served(readers_folder),
                rulebook=load_rulebook(),
                frameworks=load_frameworks(),
                forms=load_forms(),
                default_framework=default_framework,
            )

    def assess(
        self,
        *,
        text: str,
        form: Form,
        agency: Agency | None = None,
        form_type: str | None = None,
        framework: str | None = None,
        earlier_contacts: int | None = None,
    ) -> Assessment:
        """Give the whole judgement of one contact; nothing of it is kept.

        Raises:
            UnknownChoiceError: If *form_type* or *framework* is not one of ours.
            EmptyTextError, TextTooLongError, UnreadableTextError: If *text* cannot be read.
            ChecksUnavailableError: If no reader is loaded, or it fails.
        """
        local, template = self.framework(framework), self.form(form, form_type)
        if self.reader is None:
            raise ChecksUnavailableError
        contact = Contact(text=text, form=form, agency=agency, earlier_contacts=earlier_contacts)
        try:
            return assess(
                contact,
                reader=self.reader,
                framework=local,
                form=template,
                rulebook=self.rulebook,
            )
        except TEXT_ERRORS:
            raise
        except Exception as error:  # whatever fails in a check, the referral can still be sent
            log_failure(Event.ASSESSMENT_FAILED, error)
            raise ChecksUnavailableError from None

    def framework(self, name: str | None) -> Framework:
        """Give the framework *name*, or the default one.

        Raises:
            UnknownChoiceError: If there is none of that name; the message lists those there are.
        """
        found = self.frameworks.get(name or self.default_framework)
        if found is None:
            raise UnknownChoiceError(_unknown("framework", self.frameworks))
        return found

    def form(self, form: Form, form_type: str | None) -> FormTemplate:
        """Give the template *form_type*, or the one that *form* usually comes on.

        Raises:
            UnknownChoiceError: If there is none of that name; the message lists those there are.
        """
        if form_type is not None and form_type not in self.forms:
            raise UnknownChoiceError(_unknown("form_type", self.forms))
        return form_for(form, form_type)


def load_served(readers_folder: str) -> Reader | None:
    """Give the reader in service in *readers_folder*, or the shipped one where none is named.

    One that is damaged is logged, and the shipped one answers: its name in every record says so.
    ``None`` where that cannot be loaded either.
    """
    # Imported only where it is wanted: the reader brings scikit-learn, a second to load.
    from models.predict import load_reader

    if readers_folder:
        from models.releases import load_in_service

        try:
            return load_in_service(Path(readers_folder))
        except ArtefactError as error:
            log_failure(Event.READER_FALLEN_BACK, error)
    try:
        return load_reader()
    except ArtefactError:
        return None


def _unknown(field: str, known: Mapping[str, object]) -> str:
    """The value itself is left out: it came from outside and may hold anything."""
    return f"{field} is not one we know; use one of {', '.join(sorted(known))}, or leave it out"
