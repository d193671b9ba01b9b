"""What writers do to a person's particulars from one contact to the next.

The rates are assumptions, set from how forms and notifications read rather than measured on real
records; change them in one place here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from api.matching.birth_dates import swapped
from api.matching.labelled.names import ways_to_write
from api.matching.person import Birth, Person, born_about

_EARLY_OR_LATE = 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Rates:
    """How often each slip is made, of 1."""

    other_way_to_write: float = 0.12
    forename_typing: float = 0.04
    forename_missing: float = 0.02
    forename_initial: float = 0.01
    middle_names_left_out: float = 0.7
    middle_name_used: float = 0.01
    surname_typing: float = 0.04
    surname_missing: float = 0.04
    surname_of_other_parent: float = 0.04
    half_of_double_surname: float = 0.4
    other_way_round: float = 0.01
    # Where the surname is written first at home, English forms get it wrong more often.
    other_way_round_abroad: float = 0.06
    born_missing: float = 0.12
    adult_born_missing: float = 0.6
    only_age: float = 0.1
    day_month_swapped: float = 0.015
    digit_wrong: float = 0.02
    year_wrong: float = 0.01
    address_missing: float = 0.15
    only_postcode: float = 0.1
    postcode_typing: float = 0.02
    nhs_number_given: float = 0.1
    upn_given: float = 0.12


RATES = Rates()
_SURNAME_FIRST = frozenset({"chinese_vietnamese", "east_african"})


def write_down(person: Person, *, origin: str, other_surname: str, on: date, rng: Random) -> Person:
    """Give *person* as a contact of the day *on* would have them, slips and gaps included."""
    written = _write_names(person, origin=origin, other_surname=other_surname, rng=rng)
    written = _write_birth(written, on=on, rng=rng)
    written = _write_home(written, rng=rng)
    return replace(
        written,
        nhs_number=person.nhs_number if rng.random() < RATES.nhs_number_given else "",
        upn=person.upn if rng.random() < RATES.upn_given else "",
    )


def _write_names(person: Person, *, origin: str, other_surname: str, rng: Random) -> Person:
    forenames = _write_forenames(person.forenames, rng)
    surname = person.surname
    if rng.random() < RATES.surname_of_other_parent:
        surname = other_surname
    halves = surname.replace("-", " ").split()
    if len(halves) > 1 and rng.random() < RATES.half_of_double_surname:
        surname = rng.choice(halves)
    if rng.random() < RATES.surname_typing:
        surname = mistype(surname, rng)
    if rng.random() < RATES.surname_missing:
        surname = ""
    abroad = origin in _SURNAME_FIRST
    turned = RATES.other_way_round_abroad if abroad else RATES.other_way_round
    if forenames and surname and rng.random() < turned:
        forenames, surname = surname, forenames
    return replace(person, forenames=forenames, surname=surname)


def _write_forenames(forenames: str, rng: Random) -> str:
    first, *middle = forenames.split()
    if middle and rng.random() < RATES.middle_name_used:
        first, middle = middle[0], []
    if rng.random() < RATES.other_way_to_write:
        first = rng.choice(ways_to_write(first))
    if rng.random() < RATES.forename_typing:
        first = mistype(first, rng)
    if rng.random() < RATES.forename_initial:
        first = first[0]
    if rng.random() < RATES.forename_missing:
        return ""
    return first if rng.random() < RATES.middle_names_left_out else " ".join([first, *middle])


def _write_birth(person: Person, *, on: date, rng: Random) -> Person:
    born = person.date_of_birth
    missing = RATES.born_missing if person.role.is_child else RATES.adult_born_missing
    if born is None or (person.birth is Birth.KNOWN and rng.random() < missing):
        return replace(person, date_of_birth=None, birth=Birth.KNOWN)
    if born > on:
        due = born + timedelta(days=rng.randrange(-_EARLY_OR_LATE, _EARLY_OR_LATE + 1))
        return replace(person, date_of_birth=due, birth=Birth.DUE, forenames="Unborn")
    if rng.random() < RATES.only_age:
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return replace(person, date_of_birth=born_about(age, on=on), birth=Birth.FROM_AGE)
    return replace(person, date_of_birth=_misdate(born, rng), birth=Birth.KNOWN)


def _misdate(born: date, rng: Random) -> date:
    draw = rng.random()
    if draw < RATES.day_month_swapped:
        return swapped(born) or born
    if draw < RATES.day_month_swapped + RATES.digit_wrong:
        return _wrong_digit(born, rng)
    if draw < RATES.day_month_swapped + RATES.digit_wrong + RATES.year_wrong:
        with suppress(ValueError):
            return born.replace(year=born.year + rng.choice((-1, 1)))
    return born


def _wrong_digit(born: date, rng: Random) -> date:
    digits = born.strftime("%Y%m%d")
    place = rng.randrange(3, 8)
    text = digits[:place] + rng.choice("0123456789") + digits[place + 1 :]
    with suppress(ValueError):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return born


def _write_home(person: Person, *, rng: Random) -> Person:
    if rng.random() < RATES.address_missing:
        return replace(person, address="", postcode="")
    postcode = person.postcode
    if rng.random() < RATES.postcode_typing:
        postcode = postcode[:-1] + rng.choice(_LETTERS).upper()
    only_postcode = rng.random() < RATES.only_postcode
    return replace(person, address="" if only_postcode else person.address, postcode=postcode)


def mistype(word: str, rng: Random) -> str:
    """Give *word* with one letter added, left out, changed or swapped with the next."""
    if len(word) < 3:
        return word
    place = rng.randrange(1, len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    return rng.choice(
        (
            before + rng.choice(_LETTERS) + here + after,
            before + after,
            before + rng.choice(_LETTERS) + after,
            before + after[0] + here + after[1:],
        )
    )
