"""How the columns of an export map to our fields: guessed, built in, or saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import select

from api.intake.importing.tables import ExportTable
from api.store.codes import Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import ImportProfile
from nlp.domain import Agency, Form
from nlp.errors import TableError
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rule_schemas import RulePart, Words

FOLDER = Path(__file__).parent
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}")


class FieldText(RulePart):
    """A field that can be imported."""

    name: Words
    hint: Words | None = None
    headings: tuple[str, ...]


class _ProfilesFile(RuleFile):
    fields: Mapping[str, FieldText]
    profiles: Mapping[str, Mapping[str, str]]


class SourceText(RulePart):
    """A referral source of the census."""

    name: Words
    kind: Agency


class CodesFile(RuleFile):
    """``codes.yaml``."""

    sources: Mapping[str, SourceText]
    outcome_flags: Mapping[str, Outcome]
    forms: Mapping[str, Form]


@dataclass(frozen=True)
class Layout:
    """The heading of each field that is taken, and what holds where a row does not say."""

    columns: Mapping[str, str] = field(default_factory=dict)
    form: Form = Form.REFERRAL
    agency_id: str | None = None


@cache
def fields() -> Mapping[str, FieldText]:
    """Give every field that can be imported, by its code."""
    return _profiles_file().fields


@cache
def codes() -> CodesFile:
    """Give the codes of other data sets."""
    return load_rule_file(FOLDER / "codes.yaml", CodesFile)


def guess(table: ExportTable, known: Layout | None = None) -> Layout:
    """Give the columns of *known* that the table has, and guess those of the other fields."""
    known = known or Layout()
    columns = {code: name for code, name in known.columns.items() if name in table.headings}
    plain = {_plain(heading): heading for heading in reversed(table.headings) if heading}
    for code, text in fields().items():
        found = next((plain[each] for each in text.headings if each in plain), None)
        if code not in columns and found is not None and found not in columns.values():
            columns[code] = found
    return Layout(columns, known.form, known.agency_id)


def profile_names(store: Store) -> list[str]:
    """Give the names of all profiles: those that come with the product first.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        saved = list(session.scalars(select(ImportProfile.name).order_by(ImportProfile.name)))
    return [*_profiles_file().profiles, *saved]


def find_profile(store: Store, name: str) -> Layout:
    """Give a profile.

    Raises:
        StoreUnavailableError: If the database does not answer.
        TableError: If there is none of that name; the message lists those there are.
    """
    if (built_in := _profiles_file().profiles.get(name)) is not None:
        return Layout(built_in)
    with store.reading() as session:
        saved = session.get(ImportProfile, name)
    if saved is None:
        raise TableError(
            f"there is no such import profile; use one of {', '.join(profile_names(store))}"
        )
    held = saved.columns
    return Layout(held["columns"], Form(held["form"]), held["agency"])


def save_profile(store: Store, name: str, layout: Layout, *, by: str) -> None:
    """Keep a profile under *name*, in the place of one that was saved before.

    Raises:
        StoreUnavailableError: If the database does not answer.
        TableError: If the name cannot be one, or is one of the product's own.
    """
    if not NAME.fullmatch(name) or name in _profiles_file().profiles:
        raise TableError(
            "a profile's name is up to 60 letters, digits, spaces and hyphens, and not one that "
            "comes with the product"
        )
    with store.writing() as session:
        held = session.get(ImportProfile, name) or ImportProfile(name=name)
        held.columns = {
            "columns": dict(layout.columns),
            "form": layout.form.value,
            "agency": layout.agency_id,
        }
        held.changed_at, held.changed_by = now(), by
        session.add(held)


@cache
def _profiles_file() -> _ProfilesFile:
    return load_rule_file(FOLDER / "profiles.yaml", _ProfilesFile)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")
