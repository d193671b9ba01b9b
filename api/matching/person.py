"""A person as one contact names them; the same person of two contacts is two of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

# The middle of the year in which somebody of a whole age was born.
_HALF_YEAR = timedelta(days=183)
_YEAR = timedelta(days=365.25)


class Role(StrEnum):
    """What the person is in the contact."""

    CHILD = "child"
    SIBLING = "sibling"
    PARENT = "parent"
    OTHER_ADULT = "other_adult"

    @property
    def is_child(self) -> bool:
        """Whether to compare with children; adults are compared with adults."""
        return self in (Role.CHILD, Role.SIBLING)


class Birth(StrEnum):
    """How far a date of birth can be relied on."""

    KNOWN = "known"
    FROM_AGE = "from_age"
    DUE = "due"


@dataclass(frozen=True)
class Person:
    """One person in one contact; a text is empty where it was not given.

    *date_of_birth* of an unborn child is the due date, with *birth* ``DUE``; where only an age
    is known it comes from :func:`born_about`, with ``FROM_AGE``. Names, dates and numbers are
    left out of ``repr``, so that no log or traceback shows them.
    """

    id: str
    contact_id: str
    role: Role
    forenames: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    birth: Birth = Birth.KNOWN
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    nhs_number: str = field(default="", repr=False)
    upn: str = field(default="", repr=False)


def born_about(age: int, *, on: date) -> date:
    """Give the middle of the year in which a person of *age* whole years at *on* was born.

    Raises:
        ValueError: If *age* is not from 0 to 120.
    """
    if not 0 <= age <= 120:
        raise ValueError("age is out of range; expected whole years from 0 to 120")
    return on - age * _YEAR - _HALF_YEAR
